using Gateway.Links.Protocol;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>The cause of a link when this gateway's own store takes no more messages for the peer.</summary>
public sealed class LocalDiskTests
{
    [Fact]
    public void ADiskWithoutRoom_IsLocalDisk_AndNoQuota()
    {
        var bench = new ManagementBench();
        bench.Welcome("there");
        var link = bench.Core.Outgoing["there"];

        link.Room.OnRefused("the disk has 0 bytes left", LinkCause.LocalDisk);

        link.Status.Cause.ShouldBe(LinkCause.LocalDisk);
        link.Status.Advice.ShouldContain("space on the disk");
        bench.ReadState().Links.Single(found => found.Status.Peer == "there").Warning.ShouldBe("LocalDisk: the disk has 0 bytes left");
        bench.Enqueue("orders@there", "a");
        link.Status.Cause.ShouldBe(LinkCause.None);
    }
}
