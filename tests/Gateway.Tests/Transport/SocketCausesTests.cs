using System.Net.Sockets;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>
/// The meaning of Windows' codes for a link. <see cref="SocketError"/> has their numbers on every system, so that Linux can test them.
/// </summary>
public sealed class SocketCausesTests
{
    [Theory]
    [InlineData(10013, LinkCause.LocalPolicy)]
    [InlineData(10024, LinkCause.PortsExhausted)]
    [InlineData(10048, LinkCause.PortsExhausted)]
    [InlineData(10049, LinkCause.PortsExhausted)]
    [InlineData(10050, LinkCause.Unreachable)]
    [InlineData(10051, LinkCause.Unreachable)]
    [InlineData(10053, LinkCause.AbortedHere)]
    [InlineData(10054, LinkCause.ResetByPeer)]
    [InlineData(10055, LinkCause.PortsExhausted)]
    [InlineData(10060, LinkCause.ConnectTimeout)]
    [InlineData(10061, LinkCause.Refused)]
    [InlineData(10064, LinkCause.Unreachable)]
    [InlineData(10065, LinkCause.Unreachable)]
    [InlineData(10067, LinkCause.PortsExhausted)]
    [InlineData(11001, LinkCause.NameNotResolved)]
    [InlineData(11002, LinkCause.NameNotResolved)]
    internal void OfConnect_EachCode_HasItsCause(int code, LinkCause cause) =>
        SocketCauses.OfConnect(new SocketException(code)).ShouldBe(cause);

    [Theory]
    [InlineData(10013, LinkCause.LocalPolicy)]
    [InlineData(10051, LinkCause.Unreachable)]
    [InlineData(10053, LinkCause.AbortedHere)]
    [InlineData(10054, LinkCause.ResetByPeer)]
    [InlineData(10060, LinkCause.HalfOpen)]
    [InlineData(10065, LinkCause.Unreachable)]
    internal void OfLoss_EachCode_HasItsCause(int code, LinkCause cause) => SocketCauses.OfLoss(new SocketException(code)).ShouldBe(cause);

    [Fact]
    public void Advice_WhenThisHostForbidsIt_BlamesNeitherTheNetworkNorThePeer() =>
        LinkAdvice.For(LinkCause.LocalPolicy).ShouldContain("firewall");
}
