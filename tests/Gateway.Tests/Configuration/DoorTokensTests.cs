using System.Text;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

/// <summary>Tokens on one door are of no use while another stands open: that has to be said in the configuration.</summary>
public sealed class DoorTokensTests
{
    private const string Applications = """ "Applications": { "web": { "Token": "0123456789abcdef", "Enqueue": [ "*" ] } } """;
    private const string Tokens = """ "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } """;

    [Theory]
    [InlineData("\"Intake\": {" + Applications + "}", "Gateway:Http:AllowWithoutTokens")]
    [InlineData("\"Http\": {" + Tokens + "}", "Gateway:Intake:AllowWithoutTokens")]
    [InlineData("\"Intake\": {" + Applications + "}, \"Http\": {" + Tokens + "}, \"Links\": { \"Address\": \"tcp://127.0.0.1:7421\" }",
        "Gateway:Links:AllowPlainText")]
    [InlineData("\"Intake\": {" + Applications + "}, \"Http\": { \"Address\": \"\" }, \"Links\": { \"Address\": \"tcp://[::1]:7421\" }",
        "Gateway:Links:AllowPlainText")]
    public void AnOpenDoorBesideOneWithTokens_IsNamed_WithTheWordThatAllowsIt(string json, string word) =>
        Should.Throw<OptionsValidationException>(() => Read(json)).Failures.ShouldHaveSingleItem().ShouldContain($"{word} to true");

    [Theory]
    [InlineData("")]
    [InlineData("\"Intake\": {" + Applications + "}, \"Http\": {" + Tokens + "}")]
    [InlineData("\"Intake\": {" + Applications + "}, \"Http\": { \"Address\": \"\" }")]
    [InlineData("\"Intake\": {" + Applications + "}, \"Http\": { \"AllowWithoutTokens\": true }")]
    [InlineData("\"Intake\": { \"AllowWithoutTokens\": true }, \"Http\": {" + Tokens + "}")]
    [InlineData("\"Links\": { \"Address\": \"tcp://127.0.0.1:7421\" }")]
    public void WhatIsSaid_OrNeedsNoWord_IsTaken(string json) => Should.NotThrow(() => Read(json));

    private static GatewayOptions Read(string json) => GatewayOptionsReader.Read(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Gateway": { {{json}} } }"""))).Build());
}
