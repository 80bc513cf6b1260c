/** How often a test set was opened, in words. */

export interface Openings {
  times: number;
  models: number;
}

export function looks({ times, models }: Openings): string {
  if (!times) return "not yet opened in this kernel";
  return `opened ${times === 1 ? "once" : `${whole(times)} times`}, for ${whole(models)} model${
    models === 1 ? "" : "s"
  }`;
}

export function looksSentence(openings: Openings): string {
  return openings.times
    ? `This test set was ${looks(openings)}, in this kernel.`
    : "This test set was not opened in this kernel so far.";
}

const whole = (value: number) => value.toLocaleString("en-US");
