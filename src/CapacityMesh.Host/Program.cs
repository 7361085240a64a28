using System.CommandLine;
using CapacityMesh.Host.Commands;

var root = new RootCommand("CapacityMesh: admits leads only as fast as the business can keep its promises, and tells the ad platforms.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    SimulateCommand.Create(),
    ReplayCommand.Create(),
    LoadTestCommand.Create(),
    ImportCommand.Create(),
};

// The server drains on SIGTERM by itself and decides its own exit code.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
