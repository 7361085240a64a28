// What the silo is when it was built without Orleans: a plain word about how to build it.
Console.Error.WriteLine("This silo was built without Orleans. Build it with -p:Cluster=true on a package feed that serves Microsoft.Orleans, or run CapacityMesh.Host.");
return 64;
