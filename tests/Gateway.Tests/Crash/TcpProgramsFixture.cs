using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The two programs in C that know plain sockets alone, compiled once for a class of tests.</summary>
public sealed class TcpProgramsFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-programs-").FullName;

    public string Sender => Path.Combine(_folder, "sender");

    public string Receiver => Path.Combine(_folder, "receiver");

    public async ValueTask InitializeAsync()
    {
        foreach (var program in new[] { Sender, Receiver })
        {
            var source = Path.Combine(AppContext.BaseDirectory, "programs", $"{Path.GetFileName(program)}.c");
            await using var compiler = TestProcess.Start(
                new ProcessStartInfo(Tool.Gcc, ["-O1", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, source]),
                Path.Combine(_folder, "gcc.log"));
            (await ProcessTest.InTimeAsync("gcc ends", compiler.Ended)).ShouldBe(0, compiler.Errors);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
