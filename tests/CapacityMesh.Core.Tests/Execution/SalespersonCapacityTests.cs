using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: hours, absence and the rolling budget in wall-clock time and across daylight saving. Method: real zone rules, instants written in UTC.
public sealed class SalespersonCapacityTests
{
    private static readonly FakeWorld World = new();
    private static readonly ImmutableArray<WorkingHours> Weekdays =
        [.. new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }.Select(d => new WorkingHours(d, new TimeOnly(9, 0), new TimeOnly(17, 0)))];

    private static SalespersonState InBerlin(DateTimeOffset now, ImmutableArray<WorkingHours> hours, params Spell[] away)
    {
        var profile = Sample.Profile() with { TimeZone = "Europe/Berlin", Hours = hours, Away = [.. away] };
        return new SalespersonState { Phase = SalespersonPhase.Active, Profile = profile, Calendar = SalespersonCapacity.Expand(profile, now, 92, World) };
    }

    [Theory]
    [InlineData("2026-10-23T06:59:59Z", false)] // Friday before the clocks go back: nine o'clock is 07:00 UTC
    [InlineData("2026-10-23T07:00:00Z", true)]
    [InlineData("2026-10-23T14:59:59Z", true)]
    [InlineData("2026-10-23T15:00:00Z", false)]
    [InlineData("2026-10-26T07:59:59Z", false)] // Monday after: nine o'clock is 08:00 UTC
    [InlineData("2026-10-26T08:00:00Z", true)]
    [InlineData("2026-10-25T10:00:00Z", false)] // Sunday
    public void Hours_follow_the_wall_clock_across_daylight_saving(string instant, bool takes)
    {
        var now = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(takes, SalespersonCapacity.TakesOffers(InBerlin(DateTimeOffset.Parse("2026-10-22T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture), Weekdays), now));
    }

    [Fact]
    public void A_night_shift_to_midnight_loses_and_gains_no_hour()
    {
        var night = ImmutableArray.Create(new WorkingHours(DayOfWeek.Sunday, new TimeOnly(0, 0), TimeOnly.MinValue));
        var autumn = SalespersonCapacity.Expand(Sample.Profile() with { TimeZone = "Europe/Berlin", Hours = night }, new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero), 3, World);
        var spring = SalespersonCapacity.Expand(Sample.Profile() with { TimeZone = "Europe/Berlin", Hours = night }, new DateTimeOffset(2027, 3, 27, 12, 0, 0, TimeSpan.Zero), 3, World);
        Assert.Equal(TimeSpan.FromHours(25), Assert.Single(autumn) is var a ? a.To - a.From : default);
        Assert.Equal(TimeSpan.FromHours(23), Assert.Single(spring) is var s ? s.To - s.From : default);
    }

    [Fact]
    public void Absence_wins_over_hours()
    {
        var noon = Sample.Monday.AddHours(2);
        Assert.True(SalespersonCapacity.TakesOffers(InBerlin(Sample.Monday, Weekdays), noon));
        Assert.False(SalespersonCapacity.TakesOffers(InBerlin(Sample.Monday, Weekdays, new Spell(noon, noon.AddHours(1))), noon));
        Assert.True(SalespersonCapacity.TakesOffers(InBerlin(Sample.Monday, Weekdays, new Spell(noon, noon.AddHours(1))), noon.AddHours(1)));
    }

    [Theory]
    [InlineData(1, 4)]   // Monday from ten on the wall clock, and Tuesday's first hour: eight hours of forty
    [InlineData(7, 20)]
    [InlineData(14, 40)]
    public void Supply_ahead_is_limited_by_working_hours(int days, int units) =>
        Assert.Equal(units, SalespersonCapacity.Startable(InBerlin(Sample.Monday, Weekdays), Sample.Monday, TimeSpan.FromDays(days)), 3);

    [Fact]
    public void A_week_of_absence_takes_its_week_of_supply()
    {
        var away = InBerlin(Sample.Monday, Weekdays, new Spell(Sample.Monday.AddDays(-1), Sample.Monday.AddDays(6)));
        Assert.Equal(0, SalespersonCapacity.Startable(away, Sample.Monday, TimeSpan.FromDays(5)));
        Assert.Equal(20m, SalespersonCapacity.Startable(away, Sample.Monday, TimeSpan.FromDays(14)), 0);
    }

    [Fact]
    public void Without_hours_the_rolling_budget_is_the_supply()
    {
        var spec = Sample.Person().Given(new SalespersonCommand.Configure(Sample.Profile()));
        for (var i = 0; i < 5; i++) spec.Given(new SalespersonCommand.Reserve(Sample.Work($"l{i}"), TimeSpan.FromMinutes(5), Sample.Because));
        Assert.Equal(15, SalespersonCapacity.Startable(spec.State, spec.Now, TimeSpan.FromDays(2)));
        Assert.Equal(35, SalespersonCapacity.Startable(spec.State, spec.Now, TimeSpan.FromDays(7)));
        Assert.Equal(55, SalespersonCapacity.Startable(spec.State, spec.Now, TimeSpan.FromDays(14)));
        Assert.Equal(0, SalespersonCapacity.Startable(spec.State with { Status = PresenceStatus.Away }, spec.Now, TimeSpan.FromDays(7)));
    }

    [Fact]
    public void Slow_work_limits_the_supply_by_the_places_it_takes()
    {
        var slow = new SalespersonState { Phase = SalespersonPhase.Active, Profile = Sample.Profile(weekly: 100, concurrent: 2), Finished = 5, WorkSecondsMean = TimeSpan.FromDays(1).TotalSeconds };
        Assert.Equal(2 + (2 * 7), SalespersonCapacity.Startable(slow, Sample.Monday, TimeSpan.FromDays(7)));
    }

    [Fact]
    public void The_next_change_is_the_nearest_edge_ahead()
    {
        Assert.Equal(Sample.Monday.AddHours(7), SalespersonCapacity.NextChange(InBerlin(Sample.Monday, Weekdays), Sample.Monday, TimeSpan.FromDays(1)));
        Assert.Equal(Sample.Monday.AddHours(6), SalespersonCapacity.NextChange(InBerlin(Sample.Monday, Weekdays), Sample.Monday, TimeSpan.FromHours(6)));
    }

    [Theory]
    [InlineData("Nowhere/Land")]
    [InlineData(null)]
    public void Hours_need_a_zone_that_is_known(string? zone) =>
        Assert.Contains((Sample.Profile() with { TimeZone = zone, Hours = Weekdays }).Check(World), e => e is { Field: "hours.timeZone", Code: "unknownTimeZone" });

    [Fact]
    public void The_next_free_moment_waits_for_hours_absence_and_budget()
    {
        // Monday 07:00 UTC is 08:00 in Berlin in winter: work begins in an hour.
        var early = new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);
        Assert.Equal(early.AddHours(1), SalespersonCapacity.NextFree(InBerlin(early, Weekdays), early));
        Assert.Equal(early.AddHours(2), SalespersonCapacity.NextFree(InBerlin(early, Weekdays), early.AddHours(2)));
        Assert.Equal(early.AddHours(3), SalespersonCapacity.NextFree(InBerlin(early, Weekdays, new Spell(early, early.AddHours(3))), early));
        var spent = InBerlin(early, []) with { Debits = [new Debit("l1", 20, early.AddDays(-6))] };
        Assert.Equal(early.AddDays(1), SalespersonCapacity.NextFree(spent, early));
        Assert.Null(SalespersonCapacity.NextFree(InBerlin(early, []) with { Status = PresenceStatus.Away }, early));
    }
}
