"use strict";
// What is drawn over the power panel: phases of path loss, visits, decisions; and where each is,
// so that it can be pointed at.

// { t, level, shape, tone, key, said, lines } of everything that can be pointed at, of the knob
// that sets this station's power. What each reason looks like is in the report's data.
function marksOf(run, station) {
  const marks = [];
  const concerns = ({ knob }) => station.knob === undefined || knob === station.knob;
  const looks = ({ reason }) => report.reasons[reason];
  for (const visit of (run.visits ?? []).filter(concerns)) {
    const lines = [`from ${dBm(visit.level)} to ${dBm(visit.ceiling)}`];
    lines.push(isNumber(visit.ms) ? `for ${fixed(visit.ms, 1)} ms` : "length not measured");
    if (visit.interrupted) lines.push("interrupted");
    marks.push({ ...looks(visit), t: visit.t, level: visit.ceiling, foot: visit.level,
      ms: visit.ms, said: visit.said, lines });
  }
  for (const decision of (run.decisions ?? []).filter(concerns)) {
    // Visits are drawn as such; their decisions would hide everything else.
    if (looks(decision).of_a_visit) continue;
    marks.push({ ...looks(decision), t: decision.t, level: decision.to, said: decision.said,
      lines: [`from ${dBm(decision.from)} to ${dBm(decision.to)}`] });
  }
  return marks;
}

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
  } else {
    context.rect(x - size * 0.7, y - size * 0.7, size * 1.4, size * 1.4);
  }
}

// Bands of equal path loss, with their names where there is room.
function drawPhases(plot, station, named) {
  const { ctx: context, bbox: box } = plot;
  const ratio = uPlot.pxRatio;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  context.textBaseline = "top";
  context.textAlign = "left";
  (station.in_steps ? station.phases ?? [] : []).forEach((phase, index) => {
    for (const [start, end] of phase.spans) {
      const left = plot.valToPos(start, "x", true);
      const right = plot.valToPos(end, "x", true);
      if (index % 2 === 1) {
        context.fillStyle = colour("shade");
        context.fillRect(left, box.top, right - left, box.height);
      }
      const whole = `path loss ${phase.path_loss}`;
      const seen = Math.min(right, box.left + box.width) - Math.max(left, box.left);
      const fits = (text) => context.measureText(text).width + 12 * ratio < seen;
      const text = [whole, phase.path_loss].find(fits);
      if (!named || !text) continue;
      context.fillStyle = colour("soft");
      context.fillText(text, Math.max(left, box.left) + 6 * ratio, box.top + 5 * ratio);
    }
  });
  context.restore();
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
  for (const mark of seen) {
    const x = plot.valToPos(mark.t, "x", true);
    const y = plot.valToPos(mark.level, "y", true);
    tracePath(context, mark.shape, x, y, size);
    context.fillStyle = mark.shape === "ring" ? colour("ground") : tones[mark.tone];
    context.strokeStyle = mark.shape === "ring" ? tones[mark.tone] : colour("ground");
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

// Seconds in which the run had too little, as a strip at the panel's foot.
function drawHarm(plot, station, share) {
  const own = station.judged_capacity ?? station.capacity ?? [];
  const baseline = station.baseline_capacity ?? [];
  const { ctx: context, bbox: box } = plot;
  const height = 6 * uPlot.pxRatio;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = colour("harm");
  own.forEach((value, second) => {
    const known = isNumber(value) && isNumber(baseline[second]);
    if (!known || value >= share * baseline[second]) return;
    const left = plot.valToPos(second, "x", true);
    const right = plot.valToPos(second + 1, "x", true);
    context.globalAlpha = 0.1;
    context.fillRect(left, box.top, right - left, box.height);
    context.globalAlpha = 1;
    context.fillRect(left, box.top + box.height - height, right - left, height);
  });
  context.restore();
}
