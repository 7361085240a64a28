using System.Net.Sockets;
using CapacityMesh.Runtime.Journal;
using Microsoft.AspNetCore.Connections;

namespace CapacityMesh.Host.Serving;

/// <summary>A start that the operator can put right: told in one line, without a stack.</summary>
internal sealed class StartRefusedException(string code, string text) : Exception(text)
{
    public string Code { get; } = code;
}

/// <summary>What is told.</summary>
/// <param name="Code">Typed, lower camel case.</param>
/// <param name="Text">What is wrong, and what would help.</param>
internal sealed record StartProblem(string Code, string Text)
{
    /// <summary>The exit code of every refused start.</summary>
    public const int ExitCode = 2;

    /// <summary>The problem behind a fault; null when it is a defect of ours.</summary>
    public static StartProblem? Of(Exception fault) => fault switch
    {
        StartRefusedException refused => new(refused.Code, refused.Message),
        JournalInUseException => new("dataInUse", fault.Message),
        JournalSchemaException => new("dataOfNewerRelease", fault.Message),
        JournalUnavailableException => new("dataUnavailable", fault.Message),
        ArgumentException when fault.Message.Contains("admin key", StringComparison.Ordinal) => new("adminKeyTooShort", fault.Message),
        IOException { InnerException: AddressInUseException } or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => new("addressInUse", fault.Message),
        SocketException => new("cannotListen", fault.Message),
        _ => null,
    };
}
