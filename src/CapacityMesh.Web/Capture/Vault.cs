using System.Text.Json;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture;

/// <summary>Personal data: one profile a contact, and what came with each of their leads.</summary>
internal static class Vault
{
    private const string ProfileItem = "profile";
    private const string LeadPrefix = "lead:";

    public static RowKey ProfileKey(string workspace, string contact) => new(workspace, RowTables.Vault, contact, ProfileItem);

    public static RowKey LeadKey(string workspace, string contact, string leadId) => new(workspace, RowTables.Vault, contact, LeadPrefix + leadId);

    public static RowChange Profile(string workspace, string contact, VaultProfile profile) =>
        new(ProfileKey(workspace, contact), JsonSerializer.SerializeToUtf8Bytes(profile, Wire.Options));

    public static RowChange Submission(string workspace, string contact, string leadId, VaultSubmission submission) =>
        new(LeadKey(workspace, contact, leadId), JsonSerializer.SerializeToUtf8Bytes(submission, Wire.Options));

    /// <summary>Every row of a contact.</summary>
    public static RowChange Erase(string workspace, string contact) => new(new RowKey(workspace, RowTables.Vault, contact), null);

    /// <summary>The person, or null once erased.</summary>
    public static ValueTask<VaultProfile?> ProfileAsync(this IRowStore rows, string workspace, string contact, CancellationToken cancel) =>
        rows.ReadAsync<VaultProfile>(ProfileKey(workspace, contact), cancel);

    /// <summary>What came with a lead, or null.</summary>
    public static ValueTask<VaultSubmission?> SubmissionAsync(this IRowStore rows, string workspace, string contact, string leadId, CancellationToken cancel) =>
        rows.ReadAsync<VaultSubmission>(LeadKey(workspace, contact, leadId), cancel);

    /// <summary>The newest word of a person wins, and what they leave out stays.</summary>
    public static VaultProfile Merge(VaultProfile? before, VaultProfile now) =>
        before is null ? now : new VaultProfile(now.Name ?? before.Name, now.Email ?? before.Email, now.Phone ?? before.Phone, now.Company ?? before.Company);
}
