using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class MessageIdTests
{
    [Fact]
    public void New_LaterTime_SortsAfter()
    {
        var time = DateTimeOffset.UnixEpoch.AddYears(50);

        MessageId.New(time.AddMilliseconds(1)).CompareTo(MessageId.New(time)).ShouldBePositive();
    }

    [Fact]
    public void TryParse_OwnText_RoundTrips()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50));

        MessageId.TryParse(id.ToString().ToUpperInvariant(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(id);
    }
}
