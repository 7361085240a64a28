using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>What campaigns brought, where leads are, and how soon people were contacted; each as JSON or as a table.</summary>
internal sealed class ReportEndpoints(FactReader reader, VisitBook visits) : IEndpoints
{
    private const string AllModels = "all";

    public void Map(Routes routes)
    {
        routes.Get("/v1/reports/attribution", Access.Operator, "Spend, leads, deals and value by campaign, channel or promise; model is first, last, linear, timeDecay or all", AttributionAsync)
            .Asks("from", "to", "by", "model", "currency", "constraint", "format").Gives<AttributionReply>();
        routes.Get("/v1/reports/funnel", Access.Operator, "From the first visit through each stage: in, out, lost, waits, work, promises broken", FunnelAsync).Asks("from", "to", "format").Gives<FunnelReply>();
        routes.Get("/v1/reports/speed-to-lead", Access.Operator, "How soon people were contacted", SpeedAsync).Asks("from", "to", "by", "format").Gives<SpeedReply>();
    }

    private async Task AttributionAsync(ApiCall call)
    {
        var (range, by, models) = (ReportRange.Of(call), CampaignFacts.ByOf(call, ReportBy.Campaign, ReportBy.Channel, ReportBy.Promise), ModelsOf(call));
        var currency = call.Text("currency");
        if (currency is not null && !CampaignProfile.IsMoney(new Money(0, currency))) throw new ProblemException(Problem.Invalid("currency", "invalidMoney", "A currency has three capital letters."));
        var constraint = call.KeyInQuery("constraint") ?? (await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key))?.Constraint?.Pool;
        var isTable = CsvTable.IsAskedFor(call);
        var report = new AttributionReport(range, by, await CampaignFacts.ReadAsync(call), constraint, EffortOf(call), currency);
        var reply = report.Of(await reader.LeadsAsync(call.Workspace, range, call.Cancel), models);
        if (!isTable)
        {
            await call.ReplyAsync(reply);
            return;
        }
        var table = new CsvTable(
            Wire.NameOf(by), "model", "currency", "spend", "leads", "admitted", "won", "delivered", "neverServed", "waiting", "costPerLead", "cac", "value", "constraintUnits", "valuePerConstraintUnit", "spendNeverServed");
        foreach (var r in reply.Rows.Concat(reply.Total))
        {
            table.Add(r.Group, Wire.NameOf(r.Model), reply.Currency, r.Spend, r.Leads, r.Admitted, r.Won, r.Delivered, r.NeverServed, r.Waiting, r.CostPerLead, r.Cac, r.Value, r.ConstraintUnits, r.ValuePerConstraintUnit, r.SpendNeverServed);
        }
        await table.ReplyAsync(call, "attribution");
    }

    private async Task FunnelAsync(ApiCall call)
    {
        var (range, isTable) = (ReportRange.Of(call), CsvTable.IsAskedFor(call));
        var leads = await reader.LeadsAsync(call.Workspace, range, call.Cancel);
        var reply = new FunnelReply(range.From, range.To, await visits.ReportAsync(call.Workspace, range, call.Cancel), FunnelReport.GateOf(leads), FunnelReport.StagesOf(leads));
        if (!isTable)
        {
            await call.ReplyAsync(reply);
            return;
        }
        var table = new CsvTable(
            "part", "campaign", "landingPage", "stage", "pool", "in", "out", "lost", "left", "waiting", "inHand", "waitP50Seconds", "waitP90Seconds", "waitP99Seconds", "workP50Seconds", "workP90Seconds", "workP99Seconds", "promisesBroken");
        foreach (var s in reply.Signals) table.Add("signals", s.Campaign, s.LandingPage, null, null, s.Visitors, s.BecameLeads, s.NeverAsked, null, null, null, null, null, null, null, null, null, null);
        var g = reply.Gate;
        table.Add("gate", null, null, null, null, g.Captured, g.Admitted, g.Deflected + g.Expired, g.Retracted, g.Waiting, null, g.Wait.P50, g.Wait.P90, g.Wait.P99, null, null, null, null);
        foreach (var s in reply.Stages)
        {
            table.Add("stage", null, null, s.Stage, s.Pool, s.In, s.Out, s.Lost, s.Left, s.Waiting, s.InHand, s.Wait.P50, s.Wait.P90, s.Wait.P99, s.Work.P50, s.Work.P90, s.Work.P99, s.PromisesBroken);
        }
        await table.ReplyAsync(call, "funnel");
    }

    private async Task SpeedAsync(ApiCall call)
    {
        var (range, by, isTable) = (ReportRange.Of(call), CampaignFacts.ByOf(call, ReportBy.Campaign, ReportBy.Channel), CsvTable.IsAskedFor(call));
        var reply = SpeedReport.Of(range, by, await CampaignFacts.ReadAsync(call), await reader.LeadsAsync(call.Workspace, range, call.Cancel));
        if (!isTable)
        {
            await call.ReplyAsync(reply);
            return;
        }
        var table = new CsvTable(
            Wire.NameOf(by), "leads", "contacted", "awaiting", "never", "p50Seconds", "p90Seconds", "p99Seconds", "within5Minutes", "within1Hour", "neverShare", "platformDelayP50Seconds", "platformDelayP90Seconds", "platformDelayP99Seconds");
        foreach (var r in reply.Rows.Append(reply.Total))
        {
            table.Add(r.Group, r.Leads, r.Contacted, r.Awaiting, r.Never, r.ToContact.P50, r.ToContact.P90, r.ToContact.P99, r.Within5Minutes, r.Within1Hour, r.NeverShare, r.PlatformDelay.P50, r.PlatformDelay.P90, r.PlatformDelay.P99);
        }
        await table.ReplyAsync(call, "speed-to-lead");
    }

    private static AttributionModel[] ModelsOf(ApiCall call)
    {
        if (call.Text("model") is not { } text) return [AttributionModel.Linear];
        if (text == AllModels) return Enum.GetValues<AttributionModel>();
        foreach (var model in Enum.GetValues<AttributionModel>())
        {
            if (Wire.NameOf(model) == text) return [model];
        }
        throw new ProblemException(Problem.Invalid("model", "unknownModel", "A model is first, last, linear, timeDecay or all."));
    }

    // A lead ends on the version of the process that it began on.
    private static Func<LeadFact, Func<int, decimal>> EffortOf(ApiCall call) => lead =>
    {
        var stages = call.Mesh.World.Process(call.Workspace, lead.Process).Stages;
        return index => index >= 0 && index < stages.Length ? stages[index].Effort : 0;
    };
}
