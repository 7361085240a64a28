using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Reads states of entities, wherever they live; changes nothing.</summary>
public interface IStates
{
    /// <summary>The state of an entity, or null when it never had a turn.</summary>
    Task<T?> ReadAsync<T>(EntityId entity, CancellationToken cancel) where T : class;
}

/// <summary>The committed states of a running mesh.</summary>
public sealed class MeshStates(IMesh mesh) : IStates
{
    /// <inheritdoc/>
    public async Task<T?> ReadAsync<T>(EntityId entity, CancellationToken cancel) where T : class => (await mesh.ReadAsync<T>(entity, cancel).ConfigureAwait(false))?.State;
}

/// <summary>The states of a run in virtual time.</summary>
public sealed class VirtualStates(VirtualHost host) : IStates
{
    /// <inheritdoc/>
    public Task<T?> ReadAsync<T>(EntityId entity, CancellationToken cancel) where T : class => Task.FromResult(host.Find<T>(entity));
}
