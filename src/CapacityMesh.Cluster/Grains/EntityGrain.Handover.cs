using CapacityMesh.Cluster.Handover;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster.Grains;

// What entities of one silo hand each other in memory, before it is durable.
public abstract partial class EntityGrain
{
    private Mailbox? mailbox;
    // The newest turn: turns of one entity are committed in their order, so with this one all are.
    private PendingTurn? newest;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        mailbox = services.Mailboxes.Open(id, TaskScheduler.Current, TakeHandedAsync);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (mailbox is not null) services.Mailboxes.Close(id, mailbox);
        // The next activation must not load what is about to be written.
        if (newest is { Fate.IsCompleted: false }) await newest.Fate.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task TakeHandedAsync(HandedEffect handed)
    {
        try
        {
            var (command, cause) = (handed.Envelope.Command, handed.Envelope);
            // A lead is opened once: if it has a history after all, the commit says so.
            var entity = await EntityAsync(isNew: command is LeadCommand.Open);
            if (handed.IsVain)
            {
                handed.Refuse();
                return;
            }
            _ = FinishAsync(handed, await TakeAsync(entity, cause));
        }
#pragma warning disable CA1031 // It goes the usual way, which knows what to do with a target that fails.
        catch (Exception)
#pragma warning restore CA1031
        {
            handed.Refuse();
        }
    }

    private async Task FinishAsync(HandedEffect handed, TurnRecord turn) => handed.End(await RunAsync(turn, source: handed.Source));
}
