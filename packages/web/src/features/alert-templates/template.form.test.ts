import type { AlertTemplate } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { formPath, templateOf, valuesOf } from "./template.form.ts";

const template: AlertTemplate = {
  live: {
    content: "{mention} live",
    embed: {
      title: "{stream_title}",
      color: 0x0000ff,
      author: { name: "{streamer_name}", iconUrl: "{streamer_avatar_url}" },
      fields: [{ name: "Game", value: "{game_name}", inline: true }],
      timestamp: true,
    },
  },
  recap: { content: "over", embed: null },
};

describe("the form of a template", () => {
  it("gives back the template that it was filled from", () => {
    expect(templateOf(valuesOf(template))).toEqual(template);
  });

  it("leaves out what is empty, and no embed that was only switched off is lost in the form", () => {
    const values = valuesOf(template);
    values.live.embed.title = " ";
    values.live.embed.author.name = "";
    values.live.embed.color = "#12";
    values.live.embed.fields.push({ name: "", value: " ", inline: false });
    const { embed } = templateOf(values).live;
    expect(embed).toEqual({ fields: [{ name: "Game", value: "{game_name}", inline: true }], timestamp: true });
    values.live.hasEmbed = false;
    expect(templateOf(values).live.embed).toBeNull();
  });

  it("finds the field that the server complains about", () => {
    expect(formPath("template.live.embed.fields.0.name")).toBe("live.embed.fields.0.name");
    expect(formPath("body/template/recap/content")).toBe("recap.content");
    expect(formPath("body.template.recap.content")).toBe("recap.content");
  });
});
