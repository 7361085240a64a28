/*
 * Pauses and enables Google Ads campaigns by CapacityMesh's spend signals. Runs inside Google Ads (Tools > Bulk actions > Scripts), hourly.
 *
 * Which campaigns: those that carry the label "CapacityMesh:<campaign>", where <campaign> is the campaign's id in CapacityMesh.
 * What it resumes: only what it paused itself. It remembers that by a second label, so a campaign that a human paused stays paused.
 * What it does not do: change budgets. On Google a lowered budget takes effect on the next day, so "ease" leaves a campaign enabled,
 * or pauses it below CONFIG.pauseBelow.
 */
var CONFIG = {
  url: 'https://mesh.example.com',
  // A key of role spend: it can read signals and acknowledge them, and nothing else.
  key: '',
  // true: log what would be done, change nothing, acknowledge nothing.
  dryRun: true,
  // An eased campaign is paused when its budget multiplier is below this; 0: never.
  pauseBelow: 0,
  // When signals are silent and no earlier signal is remembered: 'keep' or 'pause'.
  onSilence: 'keep'
};

var LABEL_PREFIX = 'CapacityMesh:';
var PAUSED_LABEL = 'CapacityMesh paused';
var MEMORY = 'capacitymesh';
var ATTEMPTS_MAX = 3;

function main() {
  var now = new Date();
  var fetched = fetchSpend();
  var lines = fetched ? linesOf(fetched) : remembered();
  if (fetched) remember(lines);
  var labels = labelsByName();
  if (!CONFIG.dryRun && !labels[PAUSED_LABEL]) AdsApp.createLabel(PAUSED_LABEL, 'Paused by CapacityMesh, which enables it again.');

  Object.keys(labels).sort().forEach(function (name) {
    if (name.indexOf(LABEL_PREFIX) !== 0) return;
    var id = name.substring(LABEL_PREFIX.length);
    var wanted = decide(lines[id], now);
    campaignsOf(labels[name]).forEach(function (campaign) { apply(campaign, wanted); });
    // Only a signal that this run has read is acknowledged, and with what was really done.
    if (fetched && lines[id] && wanted.fromSignal && wanted.action !== 'keep') acknowledge(id, fetched.version, wanted.action, now);
  });
}

/* What to do about one campaign: run, pause or keep, and why. */
function decide(line, now) {
  if (!line) {
    return { action: CONFIG.onSilence === 'pause' ? 'pause' : 'keep', fromSignal: false, why: 'no signal is known' };
  }
  if (!(new Date(line.until) > now)) {
    return { action: line.onSilence === 'pause' ? 'pause' : 'keep', fromSignal: false, why: 'the lease ended at ' + line.until + '; onSilence is ' + line.onSilence };
  }
  var pause = line.action === 'pause' || (line.action === 'ease' && line.budgetMultiplier < CONFIG.pauseBelow);
  return { action: pause ? 'pause' : 'run', fromSignal: true, why: line.reason };
}

function apply(campaign, wanted) {
  var ours = hasLabel(campaign, PAUSED_LABEL);
  if (wanted.action === 'pause' && campaign.isEnabled()) {
    change('pause', campaign, wanted.why, function () {
      // The label first: a script that ends in between must not leave a pause that nobody remembers.
      if (!ours) campaign.applyLabel(PAUSED_LABEL);
      campaign.pause();
    });
  } else if (wanted.action === 'run' && campaign.isPaused() && ours) {
    change('enable', campaign, wanted.why, function () {
      campaign.enable();
      campaign.removeLabel(PAUSED_LABEL);
    });
  } else if (wanted.action === 'run' && campaign.isEnabled() && ours) {
    // Somebody enabled it before us: a later pause is not ours.
    change('forget', campaign, 'it runs already', function () { campaign.removeLabel(PAUSED_LABEL); });
  }
}

function change(verb, campaign, why, act) {
  Logger.log((CONFIG.dryRun ? 'would ' : '') + verb + ' "' + campaign.getName() + '": ' + why);
  if (!CONFIG.dryRun) act();
}

/* The spend table, or null after a few attempts: then the lease decides. */
function fetchSpend() {
  for (var attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      var answer = UrlFetchApp.fetch(CONFIG.url + '/v1/spend', {
        headers: { Authorization: 'Bearer ' + CONFIG.key }, muteHttpExceptions: true
      });
      var status = answer.getResponseCode();
      if (status === 200) return JSON.parse(answer.getContentText());
      Logger.log('GET /v1/spend answered ' + status);
      if (status < 500 && status !== 429) return null;
    } catch (fault) {
      Logger.log('GET /v1/spend failed: ' + fault);
    }
    if (attempt < ATTEMPTS_MAX) Utilities.sleep(2000 * attempt);
  }
  return null;
}

function acknowledge(id, version, applied, now) {
  if (CONFIG.dryRun) return;
  try {
    var answer = UrlFetchApp.fetch(CONFIG.url + '/v1/spend/' + encodeURIComponent(id) + '/acknowledge', {
      method: 'post', contentType: 'application/json', muteHttpExceptions: true,
      headers: { Authorization: 'Bearer ' + CONFIG.key },
      payload: JSON.stringify({ version: version, applied: applied, at: now.toISOString() })
    });
    if (answer.getResponseCode() >= 300) Logger.log('The acknowledgement of ' + id + ' answered ' + answer.getResponseCode());
  } catch (fault) {
    // The next run acknowledges again.
    Logger.log('The acknowledgement of ' + id + ' failed: ' + fault);
  }
}

function linesOf(spend) {
  var lines = {};
  spend.campaigns.forEach(function (line) {
    lines[line.campaign] = {
      action: line.action, budgetMultiplier: line.budgetMultiplier, until: line.until,
      onSilence: line.onSilence || CONFIG.onSilence, reason: line.reason ? line.reason.text : line.action
    };
  });
  return lines;
}

/* The last table that was read, for as long as its leases run. Where there is no memory, silence begins at once. */
function remember(lines) {
  if (!CONFIG.dryRun && typeof PropertiesService !== 'undefined') {
    PropertiesService.getScriptProperties().setProperty(MEMORY, JSON.stringify(lines));
  }
}

function remembered() {
  if (typeof PropertiesService === 'undefined') return {};
  var text = PropertiesService.getScriptProperties().getProperty(MEMORY);
  return text ? JSON.parse(text) : {};
}

function labelsByName() {
  var labels = {};
  each(AdsApp.labels().get(), function (label) { labels[label.getName()] = label; });
  return labels;
}

/* Campaigns of every type that a label can be on. */
function campaignsOf(label) {
  var found = [];
  ['campaigns', 'shoppingCampaigns', 'videoCampaigns', 'performanceMaxCampaigns'].forEach(function (kind) {
    if (typeof label[kind] === 'function') each(label[kind]().get(), function (campaign) { found.push(campaign); });
  });
  return found;
}

function hasLabel(campaign, name) {
  var has = false;
  each(campaign.labels().get(), function (label) { has = has || label.getName() === name; });
  return has;
}

function each(iterator, visit) {
  while (iterator.hasNext()) visit(iterator.next());
}
