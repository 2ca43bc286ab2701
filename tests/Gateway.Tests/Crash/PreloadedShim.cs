using System.Diagnostics;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>Makes a library of the folder <c>foreign</c> that stands between a process and its system.</summary>
internal static class PreloadedShim
{
    /// <param name="name">The name of the source, without its ending.</param>
    /// <returns>The assignment that loads it into a process started by <c>env</c>.</returns>
    public static async Task<string> MakeAsync(string name, string folder)
    {
        var library = Path.Combine(folder, $"{name}.so");
        await using var compiler = TestProcess.Start(
            new ProcessStartInfo(Tool.Gcc, ["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library,
                Path.Combine(AppContext.BaseDirectory, "foreign", $"{name}.c")]),
            Path.Combine(folder, "gcc.log"));
        (await ProcessTest.InTimeAsync("gcc ends", compiler.Ended)).ShouldBe(0, compiler.Errors);
        return $"LD_PRELOAD={library}";
    }
}
