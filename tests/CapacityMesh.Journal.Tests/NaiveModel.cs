using System.Text;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

/// <summary>
/// What a journal should do, in the plainest way: lists that are copied, changed in the order of the contract, and kept only when nothing conflicted.
/// </summary>
internal sealed class NaiveModel
{
    private List<Append> appends = [];
    private List<StoredSnapshot> snapshots = [];
    private List<(StoredEffect Effect, string? Reason)> outbox = [];
    private List<StoredTimer> timers = [];
    private List<RequestChange> requests = [];
    private List<IdentityClaim> claims = [];
    private List<RowChange> rows = [];
    private List<LeadRow> leads = [];

    public IReadOnlyList<StoredEffect> Waiting => [.. outbox.Where(o => o.Reason is null).Select(o => o.Effect)];

    public IReadOnlyList<StoredTimer> Timers => timers;

    public long VersionOf(EntityId entity) => appends.Where(a => a.Entity == entity).Select(a => a.Version).DefaultIfEmpty().Max();

    /// <summary>A line for each conflict, in the order of the contract; none when it was committed.</summary>
    public string Commit(CommitBatch batch)
    {
        var kept = (appends, snapshots, outbox, timers, requests, claims, rows, leads);
        (appends, snapshots, outbox, timers) = ([.. appends], [.. snapshots], [.. outbox], [.. timers]);
        (requests, claims, rows, leads) = ([.. requests], [.. claims], [.. rows], [.. leads]);
        var conflicts = new List<string>();
        ApplyChecked(batch, conflicts);
        ApplyUnchecked(batch);
        if (conflicts.Count > 0) (appends, snapshots, outbox, timers, requests, claims, rows, leads) = kept;
        return string.Join('\n', conflicts);
    }

    public void Park(EffectId id, string reason) => outbox = [.. outbox.Select(o => o.Effect.Id == id ? (o.Effect, reason) : o)];

    /// <summary>A result in the form of <see cref="Commit"/>.</summary>
    public static string Lines(CommitResult result) => result is not CommitResult.Conflict conflict ? "" : string.Join('\n',
        [.. conflict.Entities.Select(e => $"{e}"), .. conflict.Effects.Select(e => $"{e}"), .. conflict.Timers.Select(t => $"{t}"),
            .. conflict.Requests.Select(r => $"{r}"), .. conflict.Claims.Select(c => $"{c}")]);

    /// <summary>The same text that <see cref="StoreImage"/> makes of a journal.</summary>
    public string Image()
    {
        var image = new StringBuilder();
        foreach (var of in appends.GroupBy(a => a.Entity).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.Key, StringComparer.Ordinal))
        {
            image.Append(of.Key).Append('@').Append(of.Max(a => a.Version));
            var from = 0L;
            foreach (var snapshot in snapshots.Where(s => s.Entity == of.Key)) image.Append(" snapshot ").Append(from = snapshot.Version).Append(Text(snapshot.State));
            foreach (var a in of.Where(a => a.Version > from)) image.Append(" tail ").Append(a.ExpectedVersion + 1).Append('-').Append(a.Version);
            foreach (var a in of) image.Append(' ').Append(a.ExpectedVersion + 1).Append(Text(a.Turns));
            image.Append('\n');
        }
        foreach (var (effect, reason) in outbox.OrderBy(o => o.Reason is not null))
        {
            if (reason is not null) image.Append("parked: ").Append(reason).Append(' ');
            image.Append("effect ").Append(effect.Id).Append(" to ").Append(effect.Target).Append(effect.IsReport).Append(Text(effect.Payload)).Append('\n');
        }
        foreach (var timer in timers.OrderBy(t => t.Due).ThenBy(t => $"{t.Entity}", StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal)) image.Append(timer).Append('\n');
        foreach (var key in StoreImage.RequestKeys)
        {
            foreach (var r in requests.Where(r => r.Key == key)) image.Append("request ").Append(key).Append(r.BodyHash).Append(r.At.UtcTicks).Append(r.Reply is { } reply ? Text(reply) : "-").Append('\n');
        }
        foreach (var identity in StoreImage.Identities) image.Append(identity).Append('=').Append(claims.FirstOrDefault(c => c.Identity == identity).Contact).Append('\n');
        foreach (var row in rows.OrderBy(r => r.Key.Key, StringComparer.Ordinal).ThenBy(r => r.Key.Item, StringComparer.Ordinal)) image.Append(row.Key).Append(Text(row.Value!.Value)).Append('\n');
        foreach (var lead in leads.OrderByDescending(l => l.LeadId, StringComparer.Ordinal)) image.Append(lead).Append('\n');
        return image.ToString();
    }

    private void ApplyChecked(CommitBatch batch, List<string> conflicts)
    {
        foreach (var append in batch.Appends)
        {
            if (VersionOf(append.Entity) != append.ExpectedVersion) conflicts.Add($"{append.Entity}");
            appends.Add(append);
        }
        foreach (var (entity, version) in batch.Unchanged)
        {
            if (VersionOf(entity) != version) conflicts.Add($"{entity}");
        }
        foreach (var id in batch.EffectsConsumed)
        {
            if (outbox.RemoveAll(o => o.Effect.Id == id) == 0) conflicts.Add($"{id}");
        }
        foreach (var timer in batch.TimersConsumed)
        {
            if (!timers.Remove(timer)) conflicts.Add($"{timer}");
        }
        foreach (var change in batch.Requests)
        {
            var index = requests.FindIndex(r => r.Key == change.Key);
            if (change.BodyHash is not null && index >= 0) conflicts.Add($"{(change.Workspace, change.Key)}");
            else if (change.BodyHash is not null) requests.Add(change);
            else if (index >= 0 && requests[index].Reply is null) requests[index] = requests[index] with { Reply = change.Reply };
        }
        claims.RemoveAll(c => batch.ClaimsDropped.Contains((c.Workspace, c.Contact)));
        foreach (var claim in batch.Claims)
        {
            if (claims.Exists(c => c.Identity == claim.Identity && c.Contact != claim.Contact)) conflicts.Add($"{claim}");
            else if (!claims.Contains(claim)) claims.Add(claim);
        }
        claims.RemoveAll(c => batch.ClaimsDropped.Contains((c.Workspace, c.Contact)));
    }

    private void ApplyUnchecked(CommitBatch batch)
    {
        foreach (var effect in batch.EffectsAdded)
        {
            if (effect.IsReport) outbox.RemoveAll(o => o.Effect.IsReport && o.Effect.Id.Source == effect.Id.Source && o.Effect.Target == effect.Target);
            outbox.Add((effect, null));
        }
        timers.RemoveAll(t => batch.TimersCleared.Contains(new TimerId(t.Entity, t.Name)));
        foreach (var timer in batch.TimersSet)
        {
            timers.RemoveAll(t => t.Entity == timer.Entity && t.Name == timer.Name);
            timers.Add(timer);
        }
        foreach (var change in batch.Rows)
        {
            var (key, value) = change;
            rows.RemoveAll(r => r.Key == key || (value is null && key.Item.Length == 0 && r.Key.Key == key.Key));
            if (value is not null) rows.Add(change);
        }
        foreach (var lead in batch.Leads)
        {
            leads.RemoveAll(l => l.LeadId == lead.LeadId);
            leads.Add(lead);
        }
        foreach (var snapshot in batch.Snapshots)
        {
            snapshots.RemoveAll(s => s.Entity == snapshot.Entity);
            snapshots.Add(snapshot);
        }
    }
}
