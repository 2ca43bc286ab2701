using System.ComponentModel;
using System.Diagnostics;
using Gateway.Transport.Accepting;

namespace Gateway.Doctor.Probes;

/// <summary>Looks into the process that holds the gateway's ports.</summary>
internal static class ProcessProbe
{
    /// <summary>Null if there is no such process, or this user may not look into it.</summary>
    public static ProcessFacts? Read(int id)
    {
        var hostBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (OperatingSystem.IsLinux())
        {
            var open = QuietFile.Try(() => Directory.GetFiles($"/proc/{id}/fd"))?.Length;
            var limits = KernelText.MemoryLimits(QuietFile.Lines($"/proc/{id}/cgroup")).Select(QuietFile.Number).OfType<long>();
            return new ProcessFacts(open, HandleLimit.Parse(QuietFile.Lines($"/proc/{id}/limits")),
                KernelText.Kilobytes(QuietFile.Lines($"/proc/{id}/status"), "VmRSS"), limits.Append(hostBytes).Min());
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return new ProcessFacts(process.HandleCount, null, process.WorkingSet64, hostBytes);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
