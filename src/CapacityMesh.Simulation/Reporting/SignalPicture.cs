using System.Globalization;
using System.Text;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>The life of the spend signals in four weeks of a real run, as an SVG: what waits and what fits, what the plan wants, what campaigns are told.</summary>
public static class SignalPicture
{
    private const int Days = 28;
    private const int StepHours = 2;
    private const double Left = 70, Width = 860, Height = 110, Gap = 46;

    private sealed record Sample(double Waiting, double Room, double[] Wanted, double[] Told);

    /// <summary>Runs the scenario for four weeks and draws.</summary>
    public static string Draw(Scenario scenario, ulong seed)
    {
        using var run = new Disposer(new ScenarioRun(scenario, PolicyKind.Mesh, seed));
        run.Run.SetUp();
        var samples = new List<Sample>();
        for (var hour = 0; hour <= Days * 24; hour += StepHours)
        {
            run.Run.Host.RunUntil(scenario.Start.AddHours(hour));
            samples.Add(Look(run.Run.Host, scenario));
        }
        return Svg(scenario, seed, samples);
    }

    private static Sample Look(VirtualHost host, Scenario scenario)
    {
        var flow = host.Find<FlowState>(EntityId.Flow(host.Workspace))!;
        return new Sample(
            flow.Waitlist.Count, Math.Min(flow.Admissible, 40),
            [.. scenario.Campaigns.Select(c => (double)flow.Plan.GetValueOrDefault(c.Id, 1))],
            [.. scenario.Campaigns.Select(c => (double)(host.Find<CampaignState>(new EntityId(host.Workspace, EntityKind.Campaign, c.Id))?.Signal.Multiplier ?? 1))]);
    }

    private static string Svg(Scenario scenario, ulong seed, List<Sample> samples)
    {
        var text = new StringBuilder();
        var height = ((scenario.Campaigns.Length + 1) * (Height + Gap)) + 40;
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 20} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n");
        text.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\" font-weight=\"bold\">{scenario.Name}, seed {seed}: four weeks of spend signals</text>\n");
        var most = Math.Max(1, samples.Max(s => Math.Max(s.Waiting, s.Room)));
        Panel(text, 0, $"at the gate, 0 to {most:0} leads: waiting (red), room (green)", [("#c0392b", Line(samples, s => s.Waiting / most)), ("#27ae60", Line(samples, s => s.Room / most))]);
        for (var i = 0; i < scenario.Campaigns.Length; i++)
        {
            var index = i;
            Panel(text, i + 1, $"{scenario.Campaigns[i].Id}, share of the budget 0 to 1: wanted by the plan (grey), told to the platform (blue)",
                [("#b0b0b0", Line(samples, s => s.Wanted[index])), ("#2471a3", Line(samples, s => s.Told[index]))]);
        }
        for (var day = 0; day <= Days; day += 7) text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + (Width * day / Days)}\" y=\"{height - 8}\" text-anchor=\"middle\">day {day}</text>\n");
        return text.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder text, int index, string title, (string Colour, double[] Values)[] lines)
    {
        var top = 50 + (index * (Height + Gap));
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top - 8}\">{title}</text>\n");
        text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{top}\" width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"#ddd\"/>\n");
        foreach (var (colour, values) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" d=\"");
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y) = (Left + (Width * i / (values.Length - 1)), top + (Height * (1 - Math.Clamp(values[i], 0, 1))));
                // A signal holds until the next: steps, not slopes.
                text.Append(i == 0 ? string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}") : string.Create(CultureInfo.InvariantCulture, $"H{x:0.#}V{y:0.#}"));
            }
            text.Append("\"/>\n");
        }
    }

    private static double[] Line(List<Sample> samples, Func<Sample, double> value) => [.. samples.Select(value)];

    private sealed class Disposer(ScenarioRun run) : IDisposable
    {
        public ScenarioRun Run { get; } = run;

        public void Dispose() => Run.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
