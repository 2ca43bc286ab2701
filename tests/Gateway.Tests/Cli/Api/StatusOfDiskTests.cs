using Gateway.Store.Records;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class StatusOfDiskTests : ApiVerbTest
{
    [Fact]
    public async Task Status_says_in_a_line_that_the_disk_keeps_the_store_from_taking_messages_since_when_and_why()
    {
        await RunAsync("status");
        Terminal.Output.ShouldNotContain("new messages");

        Gateway.State = Gateway.State with { DiskObstacle = new DiskObstacle(FakeManagement.Now.AddMinutes(-5), "no inode is left") };
        await RunAsync("status");

        Terminal.Output.ShouldMatch("new messages +refused since .*, and what is stored drains: no inode is left");
    }
}
