# How the files beside this one were made: small tokenizers trained by Hugging Face's `tokenizers` 0.23.2 on the lines
# below, and what that library makes of hard texts. Again: pip install tokenizers==0.23.2 && python make.py
import json
import pathlib
import tempfile

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

LINES = [
    "The invoice for March is attached; please pay it within thirty days.",
    "Your parcel couldn't be delivered, we'll try again tomorrow at 10:30.",
    "They're asking whether the contract was signed, and by whom it was signed.",
    "A photograph of a cat, two photographs of dogs and the vehicle's number plate.",
    "Naïve café owners résumé their façade; größer, Ångström, señor, Łódź.",
    "Delivering deliveries delivered: undelivered, redelivery, unattached attachments.",
    "2,048 files, 3.14 percent, $99.95, e-mail me at someone@example.com!",
    "東京 is a city, 中文 is written so, Привет мир, γειά σου, שלום, مرحبا.",
]

TEXTS = [
    "",
    " ",
    "The contract was delivered.",
    "they'll couldn't we've I'm HE'S",
    "  two  spaces\tand a tab\nand a line\r\n",
    "Café naïve résumé, cafe\u0301 nai\u0308ve",
    "ŁÓDŹ GRÖSSER Ångström ẞ İstanbul",
    "中文東京 mixed中with文latin",
    "Привет, мир! γειά שלום مرحبا",
    "emoji 🙂👩‍👩‍👧 and \u200bzero\u200dwidth",
    "a-b_c/d\\e (f) [g] {h} <i> \"j\" 'k' #l @m $n %o ^p &q *r +s =t ~u `v |w",
    "3.14159 1,000,000 10:30 x2y3z ½ ² Ⅷ ٣",
    "undeliverableunattachedphotographs",
    "x" * 120,
    "word " * 12,
    "[CLS] hidden [SEP] tokens <s> </s> [MASK] <mask>",
    "\ufffd\u0000control\u0007characters\u0085next",
    "trailing space ",
    "...!!!???",
    "\u00a0no-break\u3000ideographic\u2009thin",
]
LIMIT = 24
HERE = pathlib.Path(__file__).parent


def write(name, tokenizer):
    # What comes after the limit is cut before the special tokens go around it.
    tokenizer.enable_truncation(LIMIT)
    cases = [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS]
    tokenizer.no_truncation()
    file = json.loads(tokenizer.to_str())
    document = {"limit": LIMIT, "tokenizer": file, "cases": cases}
    (HERE / f"{name}.json").write_text(json.dumps(document, ensure_ascii=True) + "\n")


def wordpiece(name, lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        LINES, trainers.WordPieceTrainer(vocab_size=320, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ["[CLS]", "[SEP]"]],
    )
    write(name, tokenizer)


def byte_bpe(name, prefix):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(
        LINES,
        trainers.BpeTrainer(
            vocab_size=420,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")),
        ("<s>", tokenizer.token_to_id("<s>")),
        add_prefix_space=prefix,
    )
    write(name, tokenizer)


def metaspace_bpe(name):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<unk>", "<s>", "</s>"]
    tokenizer.train_from_iterator(
        LINES, trainers.BpeTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ["<s>", "</s>"]],
    )
    write(name, tokenizer)


def unigram(name, normalizer, byte_fallback=False, splitter=pre_tokenizers.Metaspace()):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    special = ["<unk>", "<s>", "</s>"]
    if byte_fallback:
        special += [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.UnigramTrainer(
        vocab_size=220 + len(special), special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(LINES, trainer)
    if byte_fallback:
        # The trainer does not set it, and the bytes are no added tokens of their own.
        file = json.loads(tokenizer.to_str())
        file["model"]["byte_fallback"] = True
        file["added_tokens"] = file["added_tokens"][:3]
        tokenizer = Tokenizer.from_str(json.dumps(file))
    ids = [(token, tokenizer.token_to_id(token)) for token in ["<s>", "</s>"]]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ids)
    write(name, tokenizer)


def charsmap():
    """A few rules of SentencePiece, compiled by it. pip install sentencepiece==0.2.2 protobuf"""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    pairs = [("ﬁ", "fi"), ("½", "1/2"), ("Ⅷ", "VIII"), ("\u00a0", " "), ("\u3000", " "), ("e\u0301", "é")]
    pairs += [("\u200b", ""), ("\u200d", " "), ("İ", "I"), ("²", "2"), ("Ł", "L")]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        hexes = lambda text: " ".join(f"{ord(each):X}" for each in text)
        (path / "rules.tsv").write_text("".join(f"{hexes(one)}\t{hexes(other)}\n" for one, other in pairs))
        (path / "lines.txt").write_text("\n".join(LINES))
        sentencepiece.SentencePieceTrainer.train(
            input=str(path / "lines.txt"),
            model_prefix=str(path / "model"),
            vocab_size=200,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(path / "rules.tsv"),
            minloglevel=2,
        )
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString((path / "model.model").read_bytes())
        return proto.normalizer_spec.precompiled_charsmap


wordpiece("wordpiece-uncased", True)
wordpiece("wordpiece-cased", False)
byte_bpe("byte-bpe", False)
byte_bpe("byte-bpe-prefix", True)
metaspace_bpe("metaspace-bpe")
unigram("unigram", normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]))
unigram("unigram-bytes", normalizers.NFKC(), byte_fallback=True)
# As SentencePiece trains for translation.
nmt = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
unigram(
    "unigram-nmt",
    normalizers.Sequence([*nmt, normalizers.Strip(left=False, right=True)]),
    splitter=pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
)
unigram("unigram-precompiled", normalizers.Precompiled(charsmap()))
