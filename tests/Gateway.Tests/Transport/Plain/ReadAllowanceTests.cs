using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>How many bytes of a connection may be with the loop.</summary>
public sealed class ReadAllowanceTests
{
    private const int Max = 256 * 1024;

    [Fact]
    public async Task Reader_Waits_UntilTheLoopIsDoneWithSome()
    {
        var allowance = new ReadAllowance(largest: 1024);
        await allowance.HandOverAsync(Max - 1, CancellationToken.None);

        var waits = allowance.HandOverAsync(1, CancellationToken.None).AsTask();
        waits.IsCompleted.ShouldBeFalse();
        allowance.Give(1);

        await waits;
    }

    [Fact]
    public async Task LargestFrame_AlwaysHasRoom() =>
        await new ReadAllowance(largest: 2 * Max).HandOverAsync((2 * Max) - 1, CancellationToken.None);
}
