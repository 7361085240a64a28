using System.Collections.Immutable;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: the constraint's units go where they bring most, leads in flight are counted, and nobody starves at the gate. Method: the plan against every
// corner of the linear programme on random instances; random days at the gate.
public sealed class SpendPlanTests
{
    private static readonly double[] Rates = [0.4, 0.5, 1];

    [Fact]
    public void The_plan_reaches_the_knapsacks_optimum()
    {
        var random = new Random(11);
        for (var instance = 0; instance < 500; instance++)
        {
            var campaigns = Enumerable.Range(0, random.Next(1, 7)).Select(i => new CampaignWorth($"c{i}", 0.1 + random.NextDouble(), random.Next(0, 1_000))).ToArray();
            var demand = campaigns.ToImmutableSortedDictionary(c => c.Campaign, _ => (decimal)random.Next(1, 60), StringComparer.Ordinal);
            var units = (decimal)random.Next(0, 100);

            var shares = SpendPlanner.Fill(campaigns, units, demand);

            var brought = campaigns.Sum(c => (double)(shares[c.Campaign] * demand[c.Campaign]) * c.UnitsPerLead * c.ValuePerUnit);
            var taken = campaigns.Sum(c => (double)(shares[c.Campaign] * demand[c.Campaign]) * c.UnitsPerLead);
            // Shares are told in hundredths: that much of one campaign may be missing, or be too much.
            var grain = campaigns.Max(c => (double)demand[c.Campaign] * c.UnitsPerLead) * 0.005;
            Assert.True(taken <= (double)units + grain + 1e-9, $"instance {instance} takes {taken} of {units}");
            Assert.True(brought >= Best(campaigns, (double)units, demand) - (grain * campaigns.Max(c => c.ValuePerUnit)) - 1e-6, $"instance {instance} brings {brought}");
        }
    }

    // An optimum of the fractional knapsack lies in a corner: some campaigns in full, at most one in part, the rest not at all.
    private static double Best(CampaignWorth[] campaigns, double units, ImmutableSortedDictionary<string, decimal> demand)
    {
        var best = 0.0;
        for (var full = 0; full < 1 << campaigns.Length; full++)
        {
            var chosen = campaigns.Where((_, i) => (full & (1 << i)) != 0).ToArray();
            var left = units - chosen.Sum(c => (double)demand[c.Campaign] * c.UnitsPerLead);
            if (left < 0) continue;
            var value = chosen.Sum(c => (double)demand[c.Campaign] * c.UnitsPerLead * c.ValuePerUnit);
            var part = campaigns.Except(chosen).Select(c => Math.Min(left, (double)demand[c.Campaign] * c.UnitsPerLead) * c.ValuePerUnit).DefaultIfEmpty(0).Max();
            best = Math.Max(best, value + part);
        }
        return best;
    }

    [Fact]
    public void A_campaign_whose_leads_fail_is_worth_less_where_the_first_stage_limits()
    {
        var good = Worth("sales", Report(won: 20, lostAt: "discovery", lost: 60));
        var bad = Worth("sales", Report(won: 2, lostAt: "discovery", lost: 78));
        Assert.True(good.ValuePerUnit > 2 * bad.ValuePerUnit, $"{good} and {bad}");
        Assert.Equal(1, bad.UnitsPerLead, 1e-9);
    }

    [Fact]
    public void And_takes_less_of_a_constraint_that_its_leads_do_not_reach()
    {
        var good = Worth("onboarding", Report(won: 20, lostAt: "discovery", lost: 60));
        var bad = Worth("onboarding", Report(won: 2, lostAt: "discovery", lost: 78));
        Assert.True(bad.UnitsPerLead < good.UnitsPerLead / 2, $"{good} and {bad}");
        // A deal is a deal there, whatever it took to win it.
        Assert.Equal(good.ValuePerUnit, bad.ValuePerUnit, good.ValuePerUnit * 0.01);
    }

    [Fact]
    public void The_value_of_a_campaigns_deals_is_learned_but_not_from_one()
    {
        CampaignReport With(int deals) => Report(0, "discovery", 0) with { Experience = Enumerable.Range(0, deals).Aggregate(CampaignExperience.None, (e, _) => e.PlusWon(10_000)) };
        var (none, one, many) = (Worth("onboarding", With(0)).ValuePerUnit, Worth("onboarding", With(1)).ValuePerUnit, Worth("onboarding", With(60)).ValuePerUnit);
        Assert.Equal(1_000, none, 1);
        Assert.InRange(one, 1_000, 2_600);
        Assert.InRange(many, 8_500, 10_000);
    }

    [Fact]
    public void A_campaign_tells_flow_what_became_of_its_leads_with_every_fifth_end()
    {
        var profile = Sample.Campaign();
        var spec = Sample.CampaignSpec().Given(new CampaignCommand.Configure(profile));
        for (var i = 1; i <= 4; i++) spec.When(new CampaignCommand.Count(Outcome.Lost, null, "discovery")).ThenSendsNoneTo(EntityKind.Flow);
        spec.When(new CampaignCommand.Count(Outcome.Won, new Money(900, "EUR")));
        Assert.Equal((5, 900), (spec.State.Experience.Ended, spec.State.Experience.WonValue));
        spec.ThenSends(EntityKind.Flow, "flow", new FlowCommand.CampaignReported(new CampaignReport(
            "ads", profile.Channel, profile.ValuePerWin, profile.OnSilence, profile.Mode, Signal.Start, Sample.Monday, null, null, spec.State.Experience)));
    }

    [Fact]
    public void Leads_clicked_before_a_pause_are_counted_until_they_are_here()
    {
        var inflow = CampaignInflow.None(Sample.Monday) with { DelaySeconds = 6 * 3_600, MultiplierBefore = 1 };
        var pause = new Signal(SpendAction.Pause, 0, Sample.Because);
        Assert.Equal(2.0, (double)inflow.InFlightOfBefore(pause, Sample.Monday, 56, Sample.Monday), 1e-6);
        Assert.Equal(1.0, (double)inflow.InFlightOfBefore(pause, Sample.Monday, 56, Sample.Monday.AddHours(3)), 1e-6);
        Assert.Equal(0, inflow.InFlightOfBefore(pause, Sample.Monday, 56, Sample.Monday.AddHours(6)));
        // After a resumption less is on its way than will be.
        Assert.Equal(-2.0, (double)(inflow with { MultiplierBefore = 0 }).InFlightOfBefore(Signal.Start, Sample.Monday, 56, Sample.Monday), 1e-6);
    }

    [Fact]
    public void One_late_lead_is_no_delay()
    {
        var inflow = CampaignInflow.None(Sample.Monday).Plus(Sample.Monday, delaySeconds: 21_600);
        Assert.InRange(inflow.DelaySeconds, 1, 2_200);
        for (var i = 0; i < 40; i++) inflow = inflow.Plus(Sample.Monday, 21_600);
        Assert.InRange(inflow.DelaySeconds, 20_000, 21_600);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_at_the_gate_is_overtaken_after_half_the_expiry_and_nobody_waits_longer_than_the_expiry_minus_a_day(int seed)
    {
        // Nine dear leads a day and one cheap one, and room for ten and a half: by value alone a cheap lead waits as long as luck has dear ones coming.
        var (random, expires, waitlist, oldest) = (new Random(seed), TimeSpan.FromDays(14), Waitlist.None, TimeSpan.Zero);
        for (var hour = 0; hour < 24 * 200; hour++)
        {
            var now = Sample.Monday.AddHours(hour);
            if (random.NextDouble() < 9 / 24.0) waitlist = waitlist.Add(new WaitlistEntry($"dear-{hour}", "ads", 1_000, now));
            if (random.NextDouble() < 1 / 24.0) waitlist = waitlist.Add(new WaitlistEntry($"cheap-{hour}", "ads", 1, now));
            if (random.NextDouble() >= 10.5 / 24 || waitlist.Next(now, expires / 2) is not { } next) continue;
            var first = waitlist.ByAge.Min!;
            if (now - first.Since >= expires / 2) Assert.Equal(first.LeadId, next.LeadId);
            oldest = now - next.Since > oldest ? now - next.Since : oldest;
            waitlist = waitlist.Remove(next.LeadId);
        }
        Assert.InRange(oldest, TimeSpan.Zero, expires - TimeSpan.FromDays(1));
    }

    private static CampaignWorth Worth(string constraint, CampaignReport report) => CampaignWorth.Of(Sample.Story(), Rates, constraint, report);

    private static CampaignReport Report(int won, string lostAt, int lost) => new(
        "ads", "google", new Money(1_000, "EUR"), OnSilence.Keep, SpendMode.Apply, Signal.Start, Sample.Monday, null, null,
        new CampaignExperience(won + lost, won, won * 1_000, CampaignExperience.None.LostAt.SetItem(lostAt, lost)));
}
