using System.CommandLine;
using CapacityMesh.Host.Commands;

// One line per command.
var root = new RootCommand("CapacityMesh: admits leads only as fast as the whole business can keep its promises.")
{
    ServeCommand.Create(),
    LoadTestCommand.Create(),
};

// The server drains at its own pace; nobody else counts down.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
