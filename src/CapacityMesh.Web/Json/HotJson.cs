using System.Text.Json.Serialization;
using CapacityMesh.Web.Capture;

namespace CapacityMesh.Web.Json;

/// <summary>Contracts made at build time for the path that every lead takes.</summary>
[JsonSerializable(typeof(LeadBody))]
[JsonSerializable(typeof(LeadReply))]
[JsonSerializable(typeof(VaultProfile))]
[JsonSerializable(typeof(VaultSubmission))]
internal sealed partial class HotJson : JsonSerializerContext;
