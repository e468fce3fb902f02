export { type Colour, diverging, generatedColour, palette, realColour } from './colours.ts';
export { type CurvePlotOptions, curvePlot, type PlottedCurve } from './curve-plot.ts';
export { escapeText } from './escape-text.ts';
export { firstCells } from './first-cells.ts';
export { type HeatMapOptions, heatMap } from './heat-map.ts';
export { type ImageGridOptions, imageGrid } from './image-grid.ts';
export { type Line, lineChart, type Panel } from './line-chart.ts';
export { blankPicture, type Picture } from './picture.ts';
export { type PointCloud, type ScatterPlotOptions, scatterPlot } from './scatter-plot.ts';
