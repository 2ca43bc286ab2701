using Xunit;

namespace Gateway.Tests.Telemetry;

/// <summary>
/// The tests that listen to the client's spans or metrics: beside no other test, because all clients of a process share the source, and
/// would add headers in other tests.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListenerCollection
{
    public const string Name = "listeners";
}
