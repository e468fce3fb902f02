export { readRunStory } from './read-run-story.ts';
export { writeReport } from './write-report.ts';
