using Gateway.Cli.Demo.Ledger;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class DemoBodyTests
{
    [Theory]
    [InlineData(DemoBody.HeaderBytes)]
    [InlineData(1_024)]
    public void A_body_gives_back_its_sequence_number(int sizeBytes)
    {
        var body = DemoBody.Make(4_711, sizeBytes, new Random(1));

        body.Length.ShouldBe(sizeBytes);
        DemoBody.TryRead(body, out var sequence).ShouldBeTrue();
        sequence.ShouldBe(4_711);
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        var body = DemoBody.Make(4_711, 64, new Random(1));

        for (var i = 0; i < body.Length; i++)
        {
            body[i] ^= 1;
            DemoBody.TryRead(body, out _).ShouldBeFalse($"byte {i}");
            body[i] ^= 1;
        }
    }

    [Fact]
    public void A_body_cut_short_is_noticed()
    {
        var body = DemoBody.Make(4_711, 64, new Random(1));

        for (var length = 0; length < body.Length; length++)
            DemoBody.TryRead(body.AsSpan(0, length), out _).ShouldBeFalse($"length {length}");
    }
}
