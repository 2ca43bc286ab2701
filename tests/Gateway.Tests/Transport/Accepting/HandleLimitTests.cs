using Gateway.Transport.Accepting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

public sealed class HandleLimitTests
{
    [Theory]
    [InlineData("Max open files            1024                 4096                 files     ", 1024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1024                 4096                 processes ", null)]
    public void TheLimit_IsReadFromItsRow(string row, long? limit) =>
        HandleLimit.Parse(["Limit                     Soft Limit           Hard Limit           Units     ", row]).ShouldBe(limit);

    [Theory]
    [InlineData(null, int.MaxValue)]
    [InlineData(512L, 49)]
    [InlineData(100L, 1)]
    public void Connections_LeaveHandlesForTheRest(long? handles, int connections) =>
        HandleLimit.ConnectionsOf(endpoints: 2, links: 3, handles).ShouldBe(connections);
}
