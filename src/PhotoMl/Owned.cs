namespace PhotoMl;

/// <summary>What a task has opened; it is disposed in reverse order.</summary>
internal sealed class Owned : IDisposable
{
    private readonly Stack<IDisposable> _items = [];

    /// <summary>Opens something that keeps what it needs; where that fails, all of it is disposed.</summary>
    public static T Open<T>(Func<Owned, T> open)
    {
        var owned = new Owned();
        try
        {
            return open(owned);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    public T Add<T>(T item)
        where T : IDisposable
    {
        _items.Push(item);
        return item;
    }

    public void Dispose()
    {
        while (_items.TryPop(out var item))
        {
            item.Dispose();
        }
    }
}
