using System.Net;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class ConnectionCensusTests
{
    private const string A = "10.0.0.1";
    private const string B = "10.0.0.2";
    private const string C = "10.0.0.3";

    private readonly ConnectionCensus _census = new(connectionsMax: 4, perAddressMax: 2);

    [Fact]
    public void Enter_WhileAllAreAtWork_IsRefused_AndTakesThePlaceOfOneThatLeaves()
    {
        var first = At(A, ConnectionStanding.AtWork);
        At(A, ConnectionStanding.AtWork);
        At(B, ConnectionStanding.AtWork);
        At(B, ConnectionStanding.AtWork);

        _census.Enter(New(A)).ShouldBe((ConnectionFault.TooManyFromAddress, null));
        _census.Enter(New(C)).ShouldBe((ConnectionFault.TooManyConnections, null));

        _census.Leave(first);
        _census.Enter(New(C)).ShouldBe((ConnectionFault.None, null));
    }

    [Fact]
    public void Enter_OverTheLimitOfAnAddress_TakesAPlaceOfThatAddressAlone()
    {
        At(B, ConnectionStanding.Refused);
        At(A, ConnectionStanding.AtWork);
        var idle = At(A, ConnectionStanding.Idle);

        _census.Enter(New(A)).ShouldBe((ConnectionFault.None, idle));

        idle.HasMadeRoom.ShouldBeTrue();
    }

    [Fact]
    public void Enter_OverTheLimitOfAll_FindsAPlaceWhereverThereIsOne()
    {
        At(A, ConnectionStanding.AtWork);
        At(A, ConnectionStanding.AtWork);
        At(B, ConnectionStanding.AtWork);
        var idle = At(C, ConnectionStanding.Idle);

        _census.Enter(New("10.0.0.4")).ShouldBe((ConnectionFault.None, idle));
    }

    [Fact]
    public void RoomIsMade_ByRefusedThenUnknownThenIdleConnections_AndOfEachByTheOldest()
    {
        var idle = At(A, ConnectionStanding.Idle);
        var (oldest, unknown) = (At(A), At(B));
        var refused = At(B, ConnectionStanding.Refused);

        ConnectionPlace?[] leaving = [.. Enumerable.Range(4, 4).Select(number =>
        {
            var place = New($"10.0.0.{number}");
            var entered = _census.Enter(place);
            place.Stand(ConnectionStanding.AtWork);
            return entered.Leaving;
        })];

        leaving.ShouldBe([refused, oldest, unknown, idle]);
        _census.Enter(New(A)).Fault.ShouldBe(ConnectionFault.TooManyConnections);
    }

    [Fact]
    public void AConnection_ThatHasMadeRoom_IsNotCountedAnyMore_WhateverBecomesOfIt()
    {
        var stranger = At(A);
        At(A, ConnectionStanding.AtWork);
        _census.Enter(New(A)).Leaving.ShouldBe(stranger);

        stranger.Stand(ConnectionStanding.AtWork);
        _census.Leave(stranger);

        var (_, leaving) = _census.Enter(New(A));
        leaving.ShouldNotBeNull().ShouldNotBe(stranger);
    }

    [Fact]
    public void AddressesOfOneNetwork_AreCountedTogether()
    {
        At("2001:db8:0:1::1", ConnectionStanding.AtWork);
        At("2001:db8:0:1:ffff::2", ConnectionStanding.AtWork);

        _census.Enter(New("2001:db8:0:1::3")).Fault.ShouldBe(ConnectionFault.TooManyFromAddress);
        _census.Enter(New("2001:db8:0:2::1")).Fault.ShouldBe(ConnectionFault.None);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void CountedAddress_IsTheAddress_AndOfIPv6TheNetwork(string address, string counted) =>
        CountedAddress.Of(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(counted));

    private ConnectionPlace New(string address) => new(_census, IPAddress.Parse(address), new Nothing());

    private ConnectionPlace At(string address, ConnectionStanding standing = ConnectionStanding.Unknown)
    {
        var place = New(address);
        _census.Enter(place).ShouldBe((ConnectionFault.None, null));
        if (standing != ConnectionStanding.Unknown) place.Stand(standing);
        return place;
    }

    private sealed class Nothing : ICountedConnection
    {
        public void MakeRoom()
        {
            // The census only names the connection; its door cuts it.
        }
    }
}
