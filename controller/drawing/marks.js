"use strict";
// Marks over the power panel, visits and decisions; and which of them is pointed at. A mark is
// { t, level, shape, tone, key, said, lines }; a visit's also has its length (ms) and the level that
// it came from (foot).

function tracePath(context, shape, x, y, size) {
  context.beginPath();
  if (shape === "ring" || shape === "full") {
    context.arc(x, y, size * (shape === "full" ? 1.05 : 0.8), 0, 2 * Math.PI);
  } else if (shape === "up" || shape === "down") {
    const side = shape === "up" ? -size : size;
    context.moveTo(x, y + side);
    context.lineTo(x - size, y - side * 0.7);
    context.lineTo(x + size, y - side * 0.7);
    context.closePath();
  } else if (shape === "lozenge" || shape === "diamond") {
    context.moveTo(x, y - size * 1.2);
    context.lineTo(x + size * 1.2, y);
    context.lineTo(x, y + size * 1.2);
    context.lineTo(x - size * 1.2, y);
    context.closePath();
  } else {
    context.rect(x - size * 0.7, y - size * 0.7, size * 1.4, size * 1.4);
  }
}

function drawMarks(plot, marks) {
  const { ctx: context, bbox: box } = plot;
  const ratio = uPlot.pxRatio;
  const size = (plot.width < 500 ? 3.4 : 4.4) * ratio;
  const tones = { visit: colour("visit"), harm: colour("harm"), own: colour("own") };
  context.save();
  context.beginPath();
  context.rect(box.left - size, box.top, box.width + 2 * size, box.height);
  context.clip();
  const { min, max } = plot.scales.x;
  const seen = marks.filter((mark) => mark.t >= min && mark.t <= max);
  // A visit is a column as wide as it was long, and at least so wide that it is seen.
  for (const mark of seen) {
    if (mark.foot === undefined) continue;
    const left = plot.valToPos(mark.t, "x", true);
    const right = plot.valToPos(mark.t + (mark.ms ?? 0) / 1000, "x", true);
    const top = plot.valToPos(mark.level, "y", true);
    context.fillStyle = tones[mark.tone];
    context.globalAlpha = mark.tone === "harm" ? 0.95 : 0.6;
    context.fillRect(left, top, Math.max(right - left, 1.2 * ratio),
      plot.valToPos(mark.foot, "y", true) - top);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.lineWidth = 1.3 * ratio;
  // A verdict is said together with what follows from it, which must not hide it.
  const isVerdict = ({ shape }) => shape === "lozenge" || shape === "diamond";
  const inOrder = [...seen.filter((mark) => !isVerdict(mark)), ...seen.filter(isVerdict)];
  for (const mark of inOrder) {
    const x = plot.valToPos(mark.t, "x", true);
    const y = plot.valToPos(mark.level, "y", true);
    tracePath(context, mark.shape, x, y, size);
    const isHollow = mark.shape === "ring" || mark.shape === "lozenge";
    context.fillStyle = isHollow ? colour("ground") : tones[mark.tone];
    context.strokeStyle = isHollow ? tones[mark.tone] : colour("ground");
    context.fill();
    context.stroke();
  }
  context.restore();
}

// The mark nearest to the cursor, if it is near.
function markAt(plot, marks, left, top) {
  let found = null;
  let nearest = 18;
  for (const mark of marks) {
    const dx = plot.valToPos(mark.t, "x") - left;
    if (Math.abs(dx) > nearest) continue;
    let dy = plot.valToPos(mark.level, "y") - top;
    // All of a visit's column counts.
    if (mark.foot !== undefined && dy < 0) {
      dy = Math.max(0, top - plot.valToPos(mark.foot, "y"));
    }
    const distance = Math.hypot(dx, dy);
    if (distance < nearest) [found, nearest] = [mark, distance];
  }
  return found;
}
