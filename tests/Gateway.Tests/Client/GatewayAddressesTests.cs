using System.Net;
using System.Net.Sockets;
using Gateway.Client.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class GatewayAddressesTests
{
    private static readonly IPAddress _one = IPAddress.Parse("::1");
    private static readonly IPAddress _two = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress _three = IPAddress.Parse("10.0.0.3");

    private IPAddress[] _known = [_one, _two, _three];
    private int _lookups;

    [Fact]
    public async Task EachAddress_GetsItsTurn_BeforeOneGetsAnother()
    {
        var addresses = Addresses();

        (await FailAsync(addresses, 4)).ShouldBe(["tcp://[::1]:7420", "tcp://10.0.0.2:7420", "tcp://10.0.0.3:7420", "tcp://[::1]:7420"]);
    }

    [Fact]
    public async Task TheOneThatAnswered_IsTriedFirst_WhenItsConnectionEnds_AndTheOthersAfterIt()
    {
        var addresses = Addresses();
        await FailAsync(addresses, 1);
        await NextAsync(addresses);
        addresses.OnAnswered();
        addresses.HasOthers.ShouldBeFalse("nobody looks elsewhere while the gateway answers");
        addresses.OnEnded();

        (await FailAsync(addresses, 3)).ShouldBe(["tcp://10.0.0.2:7420", "tcp://[::1]:7420", "tcp://10.0.0.3:7420"]);
    }

    [Fact]
    public async Task ANameThatLeadsElsewhere_IsFollowed()
    {
        var addresses = Addresses();
        await NextAsync(addresses);
        addresses.OnAnswered();
        addresses.OnEnded();
        _known = [_three];

        (await NextAsync(addresses)).ShouldBe("tcp://10.0.0.3:7420");
        addresses.Tried.ShouldBe("gw.test at 10.0.0.3:7420: ");
    }

    [Fact]
    public async Task Rounds_AreCounted_UntilOneAnswers()
    {
        var addresses = Addresses();

        await FailAsync(addresses, 3);
        (addresses.HasOthers, addresses.Rounds).ShouldBe((true, 0));
        await FailAsync(addresses, 1);
        addresses.Rounds.ShouldBe(1);
        await NextAsync(addresses);
        addresses.OnAnswered();
        (addresses.HasOthers, addresses.Rounds).ShouldBe((false, 0));
    }

    [Fact]
    public async Task ANameWithoutAddress_IsAReason_AndTriedAgain()
    {
        var addresses = new GatewayAddresses(["tcp://gw.test:7420"],
            host => ++_lookups == 1 ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(_known));

        await addresses.Look();
        addresses.Take(out var failure).ShouldBeNull();
        failure.ShouldStartWith("gw.test has no address: ");
        (await NextAsync(addresses)).ShouldBe("tcp://[::1]:7420");
    }

    [Fact]
    public async Task ALiteral_IsNotLookedUp()
    {
        var addresses = new GatewayAddresses(["tcp://[::1]:7420"], _ => throw new InvalidOperationException("there is no name"));

        (await NextAsync(addresses)).ShouldBe("tcp://[::1]:7420");
        addresses.Tried.ShouldBeEmpty();
    }

    [Fact]
    public void ALookupThatTakesLong_IsNotBegunAgain()
    {
        var addresses = new GatewayAddresses(["tcp://gw.test:7420"], _ =>
        {
            _lookups++;
            return new TaskCompletionSource<IPAddress[]>().Task;
        });

        addresses.Look().ShouldBeSameAs(addresses.Look());
        addresses.IsFound.ShouldBeFalse();
        _lookups.ShouldBe(1);
    }

    [Fact]
    public async Task SeveralAddresses_GetTheirTurns_AndTheOneThatAnsweredIsFirst()
    {
        var addresses = Pair();
        await NextAsync(addresses);
        addresses.HasOthers.ShouldBeTrue();
        addresses.Tried.ShouldBe("10.0.0.2:7420: ");
        addresses.OnEnded();
        (await NextAsync(addresses)).ShouldBe("tcp://10.0.0.3:7430");
        addresses.OnAnswered();
        addresses.OnEnded();

        (await FailAsync(addresses, 2)).ShouldBe(["tcp://10.0.0.3:7430", "tcp://10.0.0.2:7420"]);
    }

    [Fact]
    public async Task AStandby_ThatRefused_IsFirstInTheNextRound_BeforeOneThatIsSilent()
    {
        var addresses = Pair();
        await NextAsync(addresses);
        addresses.OnAnswered();
        addresses.OnEnded();
        await FailAsync(addresses, 1);
        await NextAsync(addresses);
        addresses.OnStandby();
        addresses.OnEnded();

        (await FailAsync(addresses, 3)).ShouldBe(["tcp://10.0.0.3:7430", "tcp://10.0.0.2:7420", "tcp://10.0.0.3:7430"]);
    }

    [Fact]
    public async Task ANameWithoutAddress_BesideOneThatHasSome_IsPassedOver()
    {
        var addresses = new GatewayAddresses(["tcp://gone.test:7420", "tcp://10.0.0.3:7430"],
            _ => throw new SocketException((int)SocketError.HostNotFound));

        (await FailAsync(addresses, 2)).ShouldBe(["tcp://10.0.0.3:7430", "tcp://10.0.0.3:7430"]);
    }

    private static GatewayAddresses Pair() => new(
        ["tcp://10.0.0.2:7420", "tcp://10.0.0.3:7430"], _ => throw new InvalidOperationException("there is no name"));

    private GatewayAddresses Addresses() => new(["tcp://gw.test:7420"], _ => Task.FromResult(_known));

    private static async Task<string?> NextAsync(GatewayAddresses addresses)
    {
        await addresses.Look();
        return addresses.Take(out _);
    }

    private static async Task<IReadOnlyList<string?>> FailAsync(GatewayAddresses addresses, int times)
    {
        var tried = new List<string?>();
        for (var i = 0; i < times; i++)
        {
            tried.Add(await NextAsync(addresses));
            addresses.OnEnded();
        }

        return tried;
    }
}
