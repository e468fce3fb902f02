import type { Picture } from '../picture.ts';

/** Two rows of pixels to a line: the upper is the colour of a half block, the lower that behind it. @param picture In colour, without alpha. */
export function halfBlocks({ width, height, data }: Picture): string {
  const colour = (row: number, column: number) => {
    const at = (row * width + column) * 3;
    return `${data[at]};${data[at + 1]};${data[at + 2]}`;
  };
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    let line = '';
    let before = '';
    for (let column = 0; column < width; column++) {
      const lower = row + 1 < height ? `48;2;${colour(row + 1, column)}` : '49';
      const style = `38;2;${colour(row, column)};${lower}`;
      line += `${style === before ? '' : `\u001b[${style}m`}▀`;
      before = style;
    }
    lines.push(`${line}\u001b[0m\n`);
  }
  return lines.join('');
}
