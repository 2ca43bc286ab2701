using Gateway.Doctor;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class ProcessChecksTests
{
    private static readonly ProcessFacts _usual = new(HandlesOpen: 300, HandlesMax: 1024, MemoryBytes: 100, MemoryMaxBytes: 1000);

    [Theory]
    [InlineData(300, 1024L, nameof(Verdict.Ok))]
    [InlineData(900, 1024L, nameof(Verdict.Warning))]
    [InlineData(900, null, nameof(Verdict.Ok))]
    [InlineData(null, 1024L, nameof(Verdict.Unknown))]
    public void Handles_are_judged_by_their_limit(int? open, long? most, string verdict) =>
        ProcessChecks.Handles(_usual with { HandlesOpen = open, HandlesMax = most }).Verdict.ToString().ShouldBe(verdict);

    [Theory]
    [InlineData(100L, nameof(Verdict.Ok))]
    [InlineData(900L, nameof(Verdict.Warning))]
    [InlineData(null, nameof(Verdict.Unknown))]
    public void Memory_is_judged_by_its_limit(long? used, string verdict) =>
        ProcessChecks.Memory(_usual with { MemoryBytes = used }).Verdict.ToString().ShouldBe(verdict);

    [Fact]
    public void Without_a_process_nothing_is_known_of_it() =>
        new[] { ProcessChecks.Handles(null), ProcessChecks.Memory(null) }.ShouldAllBe(finding => finding.Verdict == Verdict.Unknown);

    [Theory]
    [InlineData("gateway", "/usr/bin/gateway run", true)]
    [InlineData("gateway", "", true)]
    [InlineData("dotnet", "dotnet /opt/gateway/gateway.dll run", true)]
    [InlineData("nginx", "nginx: worker process", false)]
    [InlineData("dotnet", "dotnet Other.dll gateway", false)]
    public void A_holder_is_known_as_a_gateway_by_its_command(string name, string command, bool isGateway) =>
        new PortHolder(1, name, command, null).IsGateway.ShouldBe(isGateway);

    [Theory]
    [InlineData(true, "gateway", true, nameof(Verdict.Ok))]
    [InlineData(true, "nginx", true, nameof(Verdict.Fault))]
    [InlineData(true, "nginx", false, nameof(Verdict.Fault))]
    [InlineData(true, null, true, nameof(Verdict.Ok))]
    [InlineData(true, null, false, nameof(Verdict.Unknown))]
    [InlineData(false, null, true, nameof(Verdict.Warning))]
    [InlineData(false, null, false, nameof(Verdict.Ok))]
    public void Ports_are_judged_by_their_holder(bool isHeld, string? holder, bool isRunning, string verdict) =>
        ProcessChecks.Port(
            new PortFacts("Links:Address", 7421, isHeld, holder is null ? null : new PortHolder(7, holder, holder, null)), isRunning)
            .Verdict.ToString().ShouldBe(verdict);
}
