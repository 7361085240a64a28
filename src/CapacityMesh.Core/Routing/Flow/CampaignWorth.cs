using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// What a campaign's leads are worth to the business: value per unit of the constraint (throughput accounting). A campaign whose leads fail before they
/// reach the constraint takes little of it; one whose deals are big makes much of it.
/// </summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="UnitsPerLead">Mean units of the constraint that one of its leads takes; above 0.</param>
/// <param name="ValuePerUnit">Mean value that a unit spent on its leads brings; in the campaign's currency.</param>
public readonly record struct CampaignWorth(string Campaign, double UnitsPerLead, double ValuePerUnit)
{
    // The business's own rates count like so many of the campaign's leads, the configured value like so many of its deals.
    private const double PriorLeads = 20;
    private const double PriorDeals = 5;

    // A lead always takes something, or a campaign without luck would be free.
    private const double UnitsLeast = 0.001;

    /// <summary>From what the business knows of all leads and of this campaign's.</summary>
    /// <param name="process">The process.</param>
    /// <param name="rates">Learned pass rates of its stages, over all campaigns.</param>
    /// <param name="constraint">The pool that limits the business.</param>
    /// <param name="report">The campaign.</param>
    public static CampaignWorth Of(Process process, double[] rates, string constraint, CampaignReport report)
    {
        var seen = report.Experience ?? CampaignExperience.None;
        var weight = seen.Weight;
        var last = Math.Max(0, Enumerable.Range(0, rates.Length).LastOrDefault(i => process.Stages[i].Wins, rates.Length - 1));
        var (units, reach, lost, deals) = (0.0, 1.0, 0.0, 1.0);
        for (var i = 0; i < rates.Length; i++)
        {
            // Up to the deal the campaign's own ends speak; beyond it, the business's rates.
            var own = i <= last ? Shrunk(reach, weight - lost, weight) : deals * (reach / Reach(rates, last + 1));
            if (process.Stages[i].Pool == constraint) units += own * (double)process.Stages[i].Effort;
            lost += seen.LostAt.GetValueOrDefault(process.Stages[i].Id);
            reach *= rates[i];
            if (i == last) deals = Shrunk(reach, seen.Won, weight);
        }
        var value = ValuePerDeal(report, seen);
        units = Math.Max(units, UnitsLeast);
        return new CampaignWorth(report.Campaign, units, deals * value / units);
    }

    private static double Reach(double[] rates, int to) => Math.Max(UnitsLeast, rates.Take(to).Aggregate(1.0, (chance, rate) => chance * rate));

    private static double Shrunk(double prior, double count, double weight) => ((prior * PriorLeads) + count) / (PriorLeads + weight);

    private static double ValuePerDeal(CampaignReport report, CampaignExperience seen)
    {
        var configured = (double)(report.ValuePerWin?.Amount ?? 0);
        return ((configured * PriorDeals) + seen.WonValue) / (PriorDeals + seen.Won);
    }
}
