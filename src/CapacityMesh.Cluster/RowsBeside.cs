using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster;

/// <summary>What a request writes beside its turn: rows and identity claims, as bytes between the edge and the grain.</summary>
/// <param name="Rows">Rows written with the turn.</param>
/// <param name="Claims">Identities claimed with it.</param>
/// <param name="DropClaimsOf">A contact whose identities are forgotten with it.</param>
public sealed record RowsBeside(IReadOnlyList<RowChange> Rows, IReadOnlyList<IdentityClaim> Claims, string? DropClaimsOf)
{
    /// <summary>A question as it travels.</summary>
    public static AskForm Write(MeshRequest request, Ask ask)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isEmpty = request.Rows.Count == 0 && request.Claims.Count == 0 && request.DropClaimsOf is null;
        var beside = isEmpty ? null : JsonSerializer.SerializeToUtf8Bytes(new RowsBeside(request.Rows, request.Claims, request.DropClaimsOf), MeshJson.Options);
        return new AskForm(request.Target.ToString(), EffectCodec.Encode(request.Target, request.Command, ask), request.BodyHash, beside, request.TargetIsNew);
    }

    /// <summary>The question that travelled.</summary>
    public static AskLetter Read(AskForm form)
    {
        var target = EntityId.Parse(form.Target);
        var (command, ask) = EffectCodec.Decode(target, form.Payload);
        var request = new MeshRequest(target, command) { IdempotencyKey = ask!.IdempotencyKey, BodyHash = form.BodyHash, TargetIsNew = form.IsNew };
        if (form.Beside is null) return new AskLetter(request, ask);
        var beside = JsonSerializer.Deserialize<RowsBeside>(form.Beside, MeshJson.Options) ?? throw new JsonException("What is written beside a turn is null.");
        return new AskLetter(request with { Rows = beside.Rows, Claims = beside.Claims, DropClaimsOf = beside.DropClaimsOf }, ask);
    }
}
