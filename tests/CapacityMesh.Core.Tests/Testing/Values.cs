using System.Collections.Immutable;
using System.Reflection;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>Small values of every type that commands are made of; few enough that two commands often speak of the same thing.</summary>
internal static class Values
{
    public const int ConcurrentMost = 3;
    public const int WeeklyMost = 6;

    public static object Make(Type type, SeededRandom random, DateTimeOffset now)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return random.Chance(30) ? null! : Make(inner, random, now);
        if (type == typeof(string)) return random.Pick(new[] { "e1", "e2", "sales", "discovery", "until", "promise", "contact", "match", "hold", "end" });
        if (type == typeof(DateTimeOffset)) return now + TimeSpan.FromMinutes(random.Below(6 * 24 * 60) - 600);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMinutes(1 + random.Below(3_000));
        if (type == typeof(int)) return 1 + random.Below(2);
        if (type == typeof(long)) return (long)random.Below(3);
        if (type == typeof(decimal)) return random.Below(11) / 10m;
        if (type == typeof(double)) return (double)random.Below(1_000);
        if (type == typeof(bool)) return random.Chance(50);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 11, 1 + random.Below(3));
        if (type.IsEnum) return Enum.GetValuesAsUnderlyingType(type).GetValue(random.Below(Enum.GetValues(type).Length)) is { } value ? Enum.ToObject(type, value) : 0;
        if (type == typeof(Money)) return new Money(random.Below(100), "EUR");
        if (type == typeof(Process)) return Sample.Story();
        if (type == typeof(SalespersonProfile)) return Sample.Profile(weekly: 2 + random.Below(WeeklyMost - 1), concurrent: 1 + random.Below(ConcurrentMost));
        if (type == typeof(CampaignProfile)) return Sample.Campaign((SpendMode)random.Below(2), 1 + random.Below(4), TimeSpan.FromMinutes(random.Below(90)));
        if (type == typeof(MemberReport)) return Sample.Member(random.Below(4), 3, random.Below(4), random.Chance(70));
        if (type == typeof(CampaignExperience)) return CampaignExperience.None.PlusLost("discovery").PlusWon(random.Below(1_000));
        if (type == typeof(PoolReport)) return new PoolReport("sales", PoolKind.People, [], random.Below(3), [.. Horizons.All.Select(h => (decimal)random.Below(60))], 20, 1, 1, null, 0, 0, 0);
        if (type == typeof(QueuedLead)) return Sample.Queued(random.Pick(new[] { "e1", "e2", "e3" }), now.AddMinutes(-random.Below(60)));
        if (type == typeof(Submission)) return Sample.Submission(random.Pick(new[] { "e1", "e2", "e3" }), campaign: random.Pick(new[] { "e1", "e2" }));
        if (type == typeof(WorkItem)) return Sample.Work(random.Pick(new[] { "e1", "e2", "e3", "e4", "e5", "e6" }), random.Pick(new[] { "discovery", "e1" }));
        if (type == typeof(Verdict)) return new Verdict((IntakeDecision)random.Below(3), 1, 1, null, Sample.Because);
        if (type == typeof(ImmutableSortedDictionary<string, decimal>)) return ImmutableSortedDictionary<string, decimal>.Empty.Add("ads", 0.5m);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return OneOf(type.GetGenericArguments()[0], random, now);
        return MakeRecord(type, random, now);
    }

    private static object OneOf(Type element, SeededRandom random, DateTimeOffset now)
    {
        var create = typeof(ImmutableArray).GetMethods().Single(m => m is { Name: "Create" } && m.GetParameters() is [{ ParameterType.IsGenericParameter: true }]);
        return create.MakeGenericMethod(element).Invoke(null, [Make(element, random, now)])!;
    }

    private static object MakeRecord(Type type, SeededRandom random, DateTimeOffset now)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.GetParameters().Select(p => IsNullable(p) && random.Chance(30) ? null : Make(p.ParameterType, random, now)).ToArray();
        return constructor.Invoke(made);
    }

    private static bool IsNullable(ParameterInfo parameter) => new NullabilityInfoContext().Create(parameter).ReadState is NullabilityState.Nullable;
}
