interface SelectProps {
  /** For screen readers. Left out inside of a <label>. */
  label?: string;
  value: string;
  /** The text of the choice "", which means no value. */
  none?: string | undefined;
  options: readonly string[];
  textOf?: (option: string, index: number) => string;
  disabled?: boolean;
  change: (value: string) => void;
}

export function Select(props: SelectProps) {
  const { label, value, none, options, textOf = String, disabled = false, change } = props;
  return (
    <select
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => change(event.currentTarget.value)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {options.map((option, index) => (
        <option key={option} value={option}>
          {textOf(option, index)}
        </option>
      ))}
    </select>
  );
}
