using Gateway.Client;
using Gateway.Client.Requests;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Requests;

public sealed class RequestSettingsTests
{
    [Theory]
    [InlineData("shop", "replies.shop")]
    [InlineData("Shop & Söhne@host", "replies.Shop---S-hne-host")]
    [InlineData("-", "replies.-")]
    [InlineData("an application whose name is far too long for the name of a queue", "replies.an-application-whose-name-is-far-too-l")]
    public void A_client_has_a_queue_of_its_own_named_after_its_application(string application, string name)
    {
        var options = new GatewayClientOptions { ApplicationName = application };

        var (one, other) = (RequestSettings.Of(options, TimeProvider.System), RequestSettings.Of(options, TimeProvider.System));

        one.ReplyQueue.ShouldStartWith(name + ".");
        one.ReplyQueue.Length.ShouldBe(name.Length + 13);
        one.ReplyQueue.ShouldNotBe(other.ReplyQueue);
        one.LateQueue.ShouldBe(name + ".late");
        other.LateQueue.ShouldBe(name + ".late");
        Names.IsValid(one.ReplyQueue).ShouldBeTrue();
        Names.IsValid(one.LateQueue).ShouldBeTrue();
        ReplyAddress.TryParse($"{one.ReplyQueue}@local", out _).ShouldBeTrue();
    }

    [Fact]
    public void A_queue_that_is_given_is_taken()
    {
        var settings = RequestSettings.Of(new GatewayClientOptions { ReplyQueue = "replies.web-1" }, TimeProvider.System);

        settings.ReplyQueue.ShouldBe("replies.web-1");
        settings.LateQueue.ShouldBe("replies.web-1.late");
    }

    [Theory]
    [InlineData("")]
    [InlineData("replies.")]
    [InlineData("orders")]
    [InlineData("replies.web 1")]
    [InlineData("replies.web@local")]
    [InlineData("replies.0123456789012345678901234567890123456789012345678901")]
    public void A_name_that_no_reply_queue_has_is_a_fault_of_the_options(string queue) =>
        Should.Throw<OptionsValidationException>(() => new GatewayClient(new GatewayClientOptions { ReplyQueue = queue }))
            .Failures.ShouldHaveSingleItem().ShouldStartWith($"ReplyQueue '{queue}' is not replies.NAME");
}
