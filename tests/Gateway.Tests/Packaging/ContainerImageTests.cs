using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>
/// The container image, from the Dockerfile itself and by the commands of the installation page, without an engine: its instructions are
/// executed in a Debian that debootstrap has made, and what they make is run in namespaces, as the image's user.
/// </summary>
[Kind(Kind.Process)]
public sealed class ContainerImageTests : ProcessTest
{
    private const string Configuration = """{ "Gateway": { "Routes": { "mounted": [ "routed@shop" ] } } }""";

    [Fact]
    [Needs("root", "ip", "debootstrap")]
    public async Task CommandsOfThePage_BuildRunAndStopIt_AndItsVolumeKeepsWhatWaits()
    {
        Tool.RequireRoot();
        var commands = PageBlock.Of(InstallPageTests.Page).Single(block => block.Heading == "Container").Text
            .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var run = commands.Single(command => command.StartsWith("docker run", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(Folder, "shop.json"), Configuration, Token);
        await using var engine = new TestEngine(PackageBuild.OfAsync("container", Token), Folder, Token);

        var received = "";
        foreach (var command in commands)
        {
            received += await engine.RunAsync(command.Split('#')[0]);
            if (command != run) continue;
            await UntilHealthyAsync(engine.Container!);
            (await engine.RunAsync("docker exec gateway id -u")).ShouldBe("7420");
            await engine.RunAsync("docker exec gateway gateway send mounted there");
        }

        received.ShouldEndWith("hello");
        engine.Container!.Ended.IsCompleted.ShouldBeTrue("the page ends with stop");
        await engine.RunAsync(run);
        await UntilHealthyAsync(engine.Container!);
        (await engine.RunAsync("docker exec gateway gateway receive routed --complete")).ShouldBe("there");

        // A gateway that does not answer is not healthy.
        engine.Container!.Signal(TestProcess.UnixSignal.Stop);
        (await engine.Container.HealthAsync()).ShouldNotBe(0);
        engine.Container.Signal(TestProcess.UnixSignal.Continue);
    }

    private static Task UntilHealthyAsync(TestContainer container) => UntilAsync("the container is healthy", async () =>
    {
        if (container.Ended.IsCompleted) throw new InvalidOperationException($"It ended with {await container.Ended}: {container.Output}");
        return await container.HealthAsync() == 0;
    });
}
