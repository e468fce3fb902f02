export {
  type TerminalGraphics,
  type TerminalPictureOptions,
  terminalGraphics,
  terminalPicture,
} from './terminal-picture.ts';
