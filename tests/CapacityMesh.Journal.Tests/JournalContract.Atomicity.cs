using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

public abstract partial class JournalContract
{
    [StoreFact]
    public async Task A_conflict_names_everything_at_once_and_leaves_no_trace()
    {
        await Journal.CommitAsync(b =>
        {
            b.Appends.AddRange([Append(Anna, 0, 1), Append(Sales, 0, 1)]);
            b.EffectsAdded.Add(Effect(Anna, 1));
            b.TimersSet.Add(Timer(Anna, "offer", 5));
            b.Requests.Add(Open("taken"));
            b.Claims.Add(Claim("mail", "anna"));
        });
        var before = await StoreImage.OfAsync(Journal);

        var conflict = await Journal.ConflictAsync(b =>
        {
            FillEverything(b);
            b.Appends.AddRange([Append(Anna, 5, 6), Append(Sales, 0, 1)]);
            b.EffectsConsumed.AddRange([new EffectId(Anna, 1, 0), new EffectId(Anna, 8, 0), new EffectId(Anna, 9, 1)]);
            b.TimersConsumed.AddRange([Timer(Anna, "offer", 5), Timer(Anna, "offer", 6), Timer(Sales, "none", 1)]);
            b.Requests.AddRange([Open("taken"), Open("free")]);
            b.Claims.AddRange([Claim("mail", "bert"), Claim("new", "bert")]);
        });

        Assert.Equal([Anna, Sales], conflict.Entities);
        Assert.Equal([new EffectId(Anna, 8, 0), new EffectId(Anna, 9, 1)], conflict.Effects);
        Assert.Equal([Timer(Anna, "offer", 6), Timer(Sales, "none", 1)], conflict.Timers);
        Assert.Equal([(Workspace, "taken")], conflict.Requests);
        Assert.Equal([Claim("mail", "bert")], conflict.Claims);
        Assert.Equal(before, await StoreImage.OfAsync(Journal));
    }

    public static TheoryData<string> ConflictKinds => new("append", "effect", "timer", "request", "claim");

    [StoreTheory]
    [MemberData(nameof(ConflictKinds))]
    public async Task A_single_conflict_of_any_kind_undoes_the_whole_batch(string kind)
    {
        await Journal.CommitAsync(b =>
        {
            b.Requests.Add(Open("taken"));
            b.Claims.Add(Claim("mail", "anna"));
            b.Rows.Add(Put("keep", "profile", "kept"));
        });
        var before = await StoreImage.OfAsync(Journal);

        var conflict = await Journal.ConflictAsync(b =>
        {
            FillEverything(b);
            if (kind == "append") b.Appends.Add(Append(Lead("late"), 4, 5));
            if (kind == "effect") b.EffectsConsumed.Add(new EffectId(Anna, 1, 0));
            if (kind == "timer") b.TimersConsumed.Add(Timer(Anna, "offer", 5));
            if (kind == "request") b.Requests.Add(Open("taken"));
            if (kind == "claim") b.Claims.Add(Claim("mail", "bert"));
        });

        Assert.Equal(1, conflict.Entities.Count + conflict.Effects.Count + conflict.Timers.Count + conflict.Requests.Count + conflict.Claims.Count);
        Assert.Equal(before, await StoreImage.OfAsync(Journal));
        await Journal.CommitAsync(FillEverything);
        Assert.NotEqual(before, await StoreImage.OfAsync(Journal));
    }

    private static void FillEverything(CommitBatch b)
    {
        var fresh = Lead("fresh");
        b.Appends.Add(Append(fresh, 0, 2));
        b.Snapshots.Add(new StoredSnapshot(fresh, 2, Bytes("state")));
        b.EffectsAdded.AddRange([Effect(fresh, 1), Report(fresh, 2)]);
        b.TimersSet.Add(Timer(fresh, "lease", 3));
        b.TimersCleared.Add(new TimerId(Anna, "offer"));
        b.Requests.Add(Open("fresh", "done"));
        b.Claims.Add(Claim("fresh", "carla"));
        b.Rows.AddRange([Put("fresh", "profile", "p"), Delete("keep")]);
        b.Leads.Add(Row("fresh"));
    }
}
