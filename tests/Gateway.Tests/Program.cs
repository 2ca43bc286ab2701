using Gateway.Tests.Crash;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Gateway.Tests;

/// <summary>Runs the tests, or one of the processes that they start and kill.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        arguments switch
        {
            [StoreKillProcess.Name, var folder, var seed] => Task.FromResult(StoreKillProcess.Run(folder, seed)),
            [ProcessorKillProcess.Name, var address, var queue] => ProcessorKillProcess.RunAsync(address, queue),
            [OutboxProcess.Name, var database, var address, var point, var occurrence, var first] =>
                OutboxProcess.RunAsync(database, address, point, occurrence, first),
            [InboxProcess.Name, var database, var address, var point, var occurrence] =>
                InboxProcess.RunAsync(database, address, point, occurrence),
            [RequestKillProcess.Replier or RequestKillProcess.Requester, var address] =>
                RequestKillProcess.RunAsync(arguments[0], address),
            [ConsoleEvent.Name, var number] => Task.FromResult(ConsoleEvent.Send(number)),
            _ => RunTestsAsync(arguments),
        };

    /// <summary>
    /// Apart, so that a process that is to be killed loads nothing of the test framework. The test platform asks for its own form with
    /// these two.
    /// </summary>
    private static Task<int> RunTestsAsync(string[] arguments) =>
        arguments.Any(argument => argument is "--server" or "--internal-msbuild-node")
        ? TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : ConsoleRunner.Run(arguments);
}
