using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Native;

/// <summary>What the server's faults mean to us.</summary>
internal static class PostgresFault
{
    /// <summary>The world failed, not we: connection, server, disk, time.</summary>
    public static bool IsStore(Exception fault) => fault is NpgsqlException or System.Net.Sockets.SocketException or IOException or TimeoutException;

    /// <summary>
    /// The transaction was rolled back because of another writer, and may do better next time: two waited for each other, or both wrote the same key at
    /// the same moment. Looked at again, the second of them finds the first one's work and conflicts.
    /// </summary>
    public static bool IsContention(Exception fault) => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>
    /// The connection is gone, most often since long: the server was restarted while it lay in the pool. What is known not to be committed may be tried
    /// again on another one.
    /// </summary>
    public static bool IsConnectionLost(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException => false,
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException } => true,
        NpgsqlException => false,
        _ => fault is IOException,
    };

    /// <summary>Waiting does not help: a password, a name or a right is wrong.</summary>
    public static bool IsOfConfiguration(Exception fault) => fault is PostgresException { SqlState: var state }
        && (state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) || state.StartsWith("42", StringComparison.Ordinal));

    /// <summary>The exception that the contract promises. The server's messages name what failed and hold no values of ours beyond keys.</summary>
    public static JournalUnavailableException Unavailable(Exception fault) => new($"PostgreSQL failed: {Text(fault)}", fault);

    /// <summary>The fault in a line, without the detail that may quote a row.</summary>
    public static string Text(Exception fault) => fault is PostgresException server ? $"{server.MessageText} ({server.SqlState})" : fault.Message;
}
