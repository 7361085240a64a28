using Xunit.Abstractions;
using Xunit.Sdk;

namespace CapacityMesh.Testing;

/// <summary>A test class whose tests need a PostgreSQL server; without its programs on this machine they are skipped, and say so.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>A fact that is skipped where its class needs what is not here. A plain fact cannot tell: it belongs to the suite, not to the class that inherits it.</summary>
[XunitTestCaseDiscoverer("CapacityMesh.Testing." + nameof(StoreFactDiscoverer), "CapacityMesh.Testing")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>A theory of the same kind.</summary>
[XunitTestCaseDiscoverer("CapacityMesh.Testing." + nameof(StoreTheoryDiscoverer), "CapacityMesh.Testing")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

/// <summary>Finds facts; the class of a test method is the one that runs, not the one that declares it.</summary>
public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        SkippedFor(testMethod, discoveryOptions, DiagnosticMessageSink) ?? base.CreateTestCase(discoveryOptions, testMethod, factAttribute);

    public static XunitTestCase? SkippedFor(ITestMethod method, ITestFrameworkDiscoveryOptions options, IMessageSink messages) =>
        PostgresServer.WhyNone is { } reason && method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute).AssemblyQualifiedName).Any()
            ? new XunitSkippedDataRowTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)
            : null;
}

/// <summary>Finds theories; one that is skipped stands once, whatever its rows.</summary>
public sealed class StoreTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StoreFactDiscoverer.SkippedFor(testMethod, discoveryOptions, DiagnosticMessageSink) is { } skipped
            ? [skipped]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
