using System.Collections;
using System.Reflection;
using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Tests;

// Goal: whatever a machine can say or be survives the store. Method: every sealed member of every family, filled by reflection with nothing left at
// its default, through the real codec; then compared property by property, not by the text that the codec itself wrote.
public sealed class CodecTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<Type> Events => Members(m => m.Event);

    public static TheoryData<Type> Commands => Members(m => m.Command);

    public static TheoryData<Type> States => [.. MachineType.Every.Select(m => m.State)];

    public static TheoryData<Type> Answers => [.. typeof(Answer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Answer)))];

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_comes_back_as_it_went(Type type)
    {
        var machine = MachineType.Every.Single(m => m.Event == type.DeclaringType);
        var fact = (IEvent)new SampleFactory().Make(type);
        var entity = LiveEntity.New(new EntityId("acme", machine.Kind, "x"));
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(7);
        var turn = new TurnRecord(entity, 5, at, [fact, fact], [], entity.State, null, new Envelope(entity.Id, null!, null!));
        var decoded = Assert.Single(TurnCodec.Decode(machine, new StoredTurns(5, 5, TurnCodec.Encode(machine, [turn]))));
        Assert.Equal((5, at), (decoded.Version, decoded.At));
        Assert.Equal(2, decoded.Events.Count);
        AssertSame(fact, decoded.Events[1], type.Name);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_comes_back_as_it_went(Type type)
    {
        var machine = MachineType.Every.Single(m => m.Command == type.DeclaringType);
        var command = (ICommand)new SampleFactory().Make(type);
        var target = new EntityId("acme", machine.Kind, "x");
        var (decoded, ask) = EffectCodec.Decode(target, EffectCodec.Encode(target, command, new Ask("a:1", "key")));
        Assert.Equal(new Ask("a:1", "key"), ask);
        AssertSame(command, decoded, type.Name);
        Assert.Null(EffectCodec.Decode(target, EffectCodec.Encode(target, command, null)).Ask);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_comes_back_from_its_snapshot(Type type)
    {
        var machine = MachineType.Every.Single(m => m.State == type);
        var state = new SampleFactory().Make(type);
        var id = new EntityId("acme", machine.Kind, "x");
        var restored = TurnCodec.Restore(id, new StoredEntity(9, new StoredSnapshot(id, 9, TurnCodec.EncodeState(machine, state, Noon)), [], []));
        Assert.Equal((9, Noon), (restored.Version, restored.At));
        AssertSame(state, restored.State, type.Name);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void The_state_of_an_entity_without_history_survives_a_snapshot(Type type)
    {
        var machine = MachineType.Every.Single(m => m.State == type);
        var id = new EntityId("acme", machine.Kind, "x");
        var restored = TurnCodec.Restore(id, new StoredEntity(1, new StoredSnapshot(id, 1, TurnCodec.EncodeState(machine, machine.Initial, Noon)), [], []));
        AssertSame(machine.Initial, restored.State, type.Name);
    }

    [Fact]
    public void A_snapshot_of_an_earlier_release_is_the_state_alone()
    {
        var id = new EntityId("acme", EntityKind.Pool, "x");
        var restored = TurnCodec.Restore(id, new StoredEntity(9, new StoredSnapshot(id, 9, JsonSerializer.SerializeToUtf8Bytes(PoolMachine.Initial, MeshJson.Options)), [], []));
        AssertSame(PoolMachine.Initial, restored.State, "pool");
        Assert.Equal(DateTimeOffset.MinValue, restored.At);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_comes_back_as_it_went(Type type)
    {
        var answer = (Answer)new SampleFactory().Make(type);
        AssertSame(answer, EffectCodec.DecodeAnswer(EffectCodec.Encode(answer)), type.Name);
    }

    [Fact]
    public void Restored_lists_keep_the_order_that_their_machines_rely_on()
    {
        var entries = Enumerable.Range(0, 50).Select(i => new WaitlistEntry($"l{i:00}", "c", (i * 37) % 11, DateTimeOffset.UnixEpoch.AddMinutes((i * 13) % 7))).ToArray();
        var list = Waitlist.From(entries);
        var back = JsonSerializer.Deserialize<Waitlist>(JsonSerializer.SerializeToUtf8Bytes(list, MeshJson.Options), MeshJson.Options)!;
        Assert.Equal(list.ByValue, back.ByValue);
        Assert.Equal(list.ByAge, back.ByAge);
        Assert.Equal(list.ById.KeyComparer, back.ById.KeyComparer);
    }

    private static TheoryData<Type> Members(Func<MachineType, Type> family) =>
        [.. MachineType.Every.SelectMany(m => family(m).GetNestedTypes().Where(t => t.IsSubclassOf(family(m))))];

    private static void AssertSame(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null || expected is string || expected.GetType().IsPrimitive || expected is decimal or DateTimeOffset or TimeSpan or DateOnly or TimeOnly or Enum)
        {
            Assert.True(Equals(expected, actual), $"{path}: {expected} became {actual}");
            return;
        }
        Assert.Equal(expected.GetType(), actual.GetType());
        if (expected is IEnumerable items)
        {
            // A default array is not an empty one: enumerating it throws.
            var (left, right) = (items.Cast<object>().ToArray(), ((IEnumerable)actual).Cast<object>().ToArray());
            Assert.True(left.Length == right.Length, $"{path}: {left.Length} items became {right.Length}");
            for (var i = 0; i < left.Length; i++) AssertSame(left[i], right[i], $"{path}[{i}]");
            if (expected.GetType().GetProperty("KeyComparer") is { } comparer) Assert.True(Equals(comparer.GetValue(expected), comparer.GetValue(actual)), $"{path}: ordered in another way");
            return;
        }
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            AssertSame(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
        }
    }
}
