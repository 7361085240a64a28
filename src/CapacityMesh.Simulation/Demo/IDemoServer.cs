using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Demo;

/// <summary>How the demonstration sets its business up and sends leads in: through the server's own front door.</summary>
public interface IDemoServer
{
    /// <summary>Publishes the process.</summary>
    Task DefineProcessAsync(Process process, CancellationToken cancel);

    /// <summary>A person joins.</summary>
    Task AddPersonAsync(string id, string name, string pool, int weekly, int concurrent, CancellationToken cancel);

    /// <summary>A slot is planned.</summary>
    Task AddSlotAsync(string id, string pool, DateTimeOffset startsAt, DateTimeOffset endsAt, CancellationToken cancel);

    /// <summary>A campaign is described.</summary>
    Task AddCampaignAsync(string id, string name, string channel, Money valuePerWin, Money dailyBudget, CancellationToken cancel);

    /// <summary>A day's cost of a campaign.</summary>
    Task ReportCostAsync(string campaign, DateOnly day, Money amount, CancellationToken cancel);

    /// <summary>A lead comes in.</summary>
    Task CaptureAsync(string campaign, int number, DateTimeOffset occurredAt, CancellationToken cancel);
}
