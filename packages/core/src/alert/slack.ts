// The format of Slack's incoming webhooks: https://api.slack.com/messaging/webhooks
import type { Notice } from "./notice.ts";

/** Slack's limit for the text of a section. */
const SECTION_LENGTH = 3_000;

export function slackMessage({ title, alerts, omitted }: Notice) {
  const sections = alerts.map((alert) => `*<${alert.link}|${escape(alert.title)}>*\n${escape(alert.text)}`);
  const texts = [
    ...(alerts.length === 1 ? [] : [`*${escape(title)}*`]),
    ...sections,
    ...(omitted > 0 ? [`${omitted} more: \`npx sluice alerts list\``] : []),
  ];
  return {
    // Shown in notifications, and by clients without blocks.
    text: escape(title),
    blocks: texts.map((text) => ({
      type: "section",
      text: { type: "mrkdwn", text: text.slice(0, SECTION_LENGTH) },
    })),
  };
}

/** A class or reason must not become a link or a mention. */
const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
