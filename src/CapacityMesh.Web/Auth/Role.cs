namespace CapacityMesh.Web.Auth;

/// <summary>What a key may do; each role does one job.</summary>
public enum Role
{
    /// <summary>Leads and signals in, nothing out.</summary>
    Capture,
    /// <summary>Reads the spend table and acknowledges it.</summary>
    Spend,
    /// <summary>Runs the business: everything but keys and workspaces.</summary>
    Operator,
    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Who may call an endpoint.</summary>
internal sealed record Access(bool Anonymous, params Role[] Roles)
{
    /// <summary>Anybody, without a key.</summary>
    public static Access Open { get; } = new(Anonymous: true);

    /// <summary>Sources of leads, and who runs the business.</summary>
    public static Access Capture { get; } = new(false, Role.Capture, Role.Operator, Role.Admin);

    /// <summary>Consumers of the spend table, and who runs the business.</summary>
    public static Access Spend { get; } = new(false, Role.Spend, Role.Operator, Role.Admin);

    /// <summary>Who runs the business.</summary>
    public static Access Operator { get; } = new(false, Role.Operator, Role.Admin);

    /// <summary>Who hands out keys.</summary>
    public static Access Admin { get; } = new(false, Role.Admin);

    /// <summary>Whether a role suffices.</summary>
    public bool Allows(Role role) => Array.IndexOf(Roles, role) >= 0;
}

/// <summary>Whose request this is.</summary>
/// <param name="Workspace">The only workspace it sees.</param>
/// <param name="Role">What it may do.</param>
/// <param name="KeyId">The key behind it.</param>
internal sealed record Caller(string Workspace, Role Role, string KeyId)
{
    /// <summary>Whether personal data may be shown.</summary>
    public bool SeesPeople => Role is Role.Operator or Role.Admin;
}
