using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Runtime.Tests;

/// <summary>Makes a value of any record with nothing left at its default, each value different from the others.</summary>
internal sealed class SampleFactory
{
    private int next;

    public object Make(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Simple(type) is { } simple) return simple;
        if (type == typeof(WaitingLines)) return Make<QueuedLead>(3).Aggregate(WaitingLines.None, (lines, lead) => lines.Add(lead));
        if (type == typeof(Waitlist)) return Waitlist.From(Make<WaitlistEntry>(3));
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)) return Collection(type);
        return Record(type);
    }

    private object? Simple(Type type)
    {
        next++;
        if (type == typeof(string)) return "text-" + next.ToString(CultureInfo.InvariantCulture);
        if (type == typeof(int)) return next;
        if (type == typeof(long)) return 10_000_000_000L + next;
        if (type == typeof(UInt128)) return (UInt128.One << 100) + (UInt128)next;
        if (type == typeof(decimal)) return next + 0.25m;
        if (type == typeof(double)) return next + (1 / 3.0);
        if (type == typeof(bool)) return true;
        if (type == typeof(TimeSpan)) return TimeSpan.FromTicks(90_000_000_000 + next);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(next);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 3, 1).AddDays(next);
        if (type == typeof(TimeOnly)) return new TimeOnly(next % 24, 30);
        if (!type.IsEnum) return null;
        var values = Enum.GetValues(type);
        return values.GetValue(values.Length - 1);
    }

    private IEnumerable<T> Make<T>(int count) => Enumerable.Range(0, count).Select(_ => (T)Make(typeof(T)));

    private object Collection(Type type)
    {
        var arguments = type.GetGenericArguments();
        var from = typeof(SampleFactory).GetMethod(arguments.Length == 2 ? nameof(Map) : nameof(List), BindingFlags.NonPublic | BindingFlags.Instance)!;
        var made = from.MakeGenericMethod(arguments).Invoke(this, null)!;
        if (type.IsInstanceOfType(made)) return made;
        var builder = typeof(ImmutableArray).GetMethods().Single(m => m.Name == nameof(ImmutableArray.ToImmutableArray) && m.GetParameters() is [{ ParameterType.Name: "IEnumerable`1" }]);
        var array = builder.MakeGenericMethod(arguments).Invoke(null, [made])!;
        return type.IsInstanceOfType(array) ? array : throw new NotSupportedException($"no sample of {type}");
    }

    private ImmutableSortedDictionary<TKey, TValue> Map<TKey, TValue>()
        where TKey : notnull
    {
        var order = typeof(TKey) == typeof(string) ? (IComparer<TKey>)(object)StringComparer.Ordinal : Comparer<TKey>.Default;
        return Make<TKey>(2).ToImmutableSortedDictionary(k => k, _ => (TValue)Make(typeof(TValue)), order);
    }

    private ImmutableList<T> List<T>() => [.. Make<T>(2)];

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First(c => c.GetParameters() is not [{ } only] || only.ParameterType != type);
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Make(p.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } setter && setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
                && constructor.GetParameters().All(p => p.Name != property.Name)) property.SetValue(made, Make(property.PropertyType));
        }
        return made;
    }
}
