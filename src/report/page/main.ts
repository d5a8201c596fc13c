// What the page does when scripts run; without them it stands as it is.
import { followScroll } from './contents.js';
import { addCopyButtons } from './copy-code.js';
import { startExplorer } from './explorer.js';
import { startFrames } from './frames.js';
import { startReruns } from './rerun.js';
import { startCharts } from './charts.js';

followScroll();
addCopyButtons();
startFrames();
startCharts();
startReruns();
startExplorer();
