using System.Text;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class LoggingRulesTests
{
    [Theory]
    [InlineData("""{ "LogLevel": { "Default": "Loud" } }""", "Logging:LogLevel:Default is 'Loud'; known are Trace, Debug")]
    [InlineData("""{ "LogLevel": { "Default": "9" } }""", "Logging:LogLevel:Default is '9'")]
    [InlineData("""{ "LogLevel": { "Gateway": "" } }""", "Logging:LogLevel:Gateway is ''")]
    [InlineData("""{ "LogLevel": "Debug" }""", "Logging:LogLevel is 'Debug', but it is a section")]
    [InlineData("""{ "Consol": { "FormatterName": "json" } }""", "Logging:Consol is not a key of the configuration")]
    [InlineData("""{ "Console": { "LogLevel": { "Default": "Loud" } } }""", "Logging:Console:LogLevel:Default is 'Loud'")]
    [InlineData("""{ "Console": { "FormatterName": "xml" } }""", "Logging:Console:FormatterName is 'xml'; known are json, simple, sys")]
    [InlineData("""{ "Console": { "FormatterOptions": { "SingleLine": "maybe" } } }""", "Logging:Console:FormatterOptions: ")]
    [InlineData("""{ "Console": { "MaxQueueLength": "many" } }""", "Logging:Console: ")]
    [InlineData("""{ "EventLog": { "LogLevel": { "Default": "Loud" } } }""", "Logging:EventLog:LogLevel:Default is 'Loud'")]
    [InlineData("""{ "File": { "Size": 5 } }""", "Logging:File:Size is not a key of the configuration")]
    [InlineData("""{ "File": { "SizeBytesMax": "big" } }""", "Logging:File:SizeBytesMax is 'big'")]
    [InlineData("""{ "File": { "SizeBytesMax": 5 } }""", "Logging:File:SizeBytesMax must be between")]
    [InlineData("""{ "File": { "FilesMax": 0 } }""", "Logging:File:FilesMax must be between")]
    [InlineData("""{ "File": { "FormatterName": "systemd" } }""", "Logging:File:FormatterName is 'systemd'; known are json, simple.")]
    [InlineData("""{ "File": { "LogLevel": { "Default": "Loud" } } }""", "Logging:File:LogLevel:Default is 'Loud'")]
    public void AFault_IsTold_ByItsKey(string logging, string fault) =>
        Faults(logging).ShouldHaveSingleItem().ShouldContain(fault);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "LogLevel": { "Default": "information", "Gateway.Links": "None" } }""")]
    [InlineData("""{ "Console": { "FormatterName": "JSON", "LogToStandardErrorThreshold": "Error" } }""")]
    [InlineData("""{ "Console": { "FormatterOptions": { "SingleLine": true, "JsonWriterOptions": { "Indented": false } } } }""")]
    [InlineData("""{ "File": { "Path": "gateway.log", "SizeBytesMax": 65536, "FilesMax": 1, "LogLevel": { "Default": "Debug" } } }""")]
    [InlineData("""{ "EventLog": { "LogLevel": { "Default": "Error" } } }""")]
    public void WhatTheFrameworkTakes_IsNoFault(string logging) => Faults(logging).ShouldBeEmpty();

    private static List<string> Faults(string logging)
    {
        var faults = new List<string>();
        LoggingRules.Check(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Logging": {{logging}} }"""))).Build(), faults);
        return faults;
    }
}
