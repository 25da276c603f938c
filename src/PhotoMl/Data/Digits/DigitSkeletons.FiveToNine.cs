using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>The strokes that make each digit, in the forms people write it in: 5 to 9.</summary>
internal static partial class DigitSkeletons
{
    private static List<StrokePath> Five(DeterministicRandom random)
    {
        var neckX = random.Near(0.12, 0.05);
        var neckY = random.Near(0.4, 0.07);
        var bellyWidth = random.NextDouble(0.18, 0.36);
        var bellyHeight = random.Near(0.28, 0.04);
        var barEnd = random.Near(0.72, 0.22);
        var barRise = random.Near(0.05, 0.11);
        var top = random.Near(0.03, 0.03);

        var body = new StrokePath();
        List<StrokePath> strokes = [body];
        if (random.Chance(0.45))
        {
            body.Through(barEnd, top - barRise).Corner(neckX + random.Near(0.04, 0.05), top);
        }
        else
        {
            body.Through(neckX + random.Near(0.04, 0.05), top);
            var gap = random.Chance(0.3) ? random.NextDouble(0, 0.2) : 0;
            strokes.Add(new StrokePath().Through(neckX + gap, random.Near(top, 0.02)).Through(barEnd, random.Near(top - barRise, 0.02)));
        }

        if (random.Chance(0.7))
        {
            body.Corner(random.Near(neckX - 0.03, 0.04), neckY);
        }
        else
        {
            body.Through(random.Near(neckX - 0.03, 0.04), neckY - 0.08);
        }

        body.Arc(random.Near(0.25, 0.04), 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(-95, 18), random.Near(150, 32));
        return strokes;
    }

    private static List<StrokePath> Six(DeterministicRandom random)
    {
        var isOpen = random.Chance(0.2);
        var loopHeight = random.NextDouble(0.14, isOpen ? 0.27 : 0.32);
        var loopWidth = random.NextDouble(0.16, 0.36);
        var loopX = random.Near(0.3, 0.03);
        var left = loopX - loopWidth;
        var loopTop = 1 - (2 * loopHeight);
        var reach = random.NextDouble(-0.02, 0.55);
        var path = new StrokePath();
        if (random.Chance(0.1))
        {
            path.Through(left + reach + random.NextDouble(0.02, 0.12), random.NextDouble(0.03, 0.15));
        }

        path.Through(left + reach, 0);
        if (random.Chance(0.7))
        {
            path.Through(left + random.Near(0.03 + (reach * 0.35), 0.03), random.Near(0.22, 0.03));
        }

        path.Through(left + random.Near(0.02, 0.02), random.Near(Math.Max(0.45, loopTop), 0.04));
        var end = isOpen ? random.NextDouble(-150, -80) : random.NextDouble(-250, -150);
        var lean = random.Near(0.2, 0.3);
        path.Arc(loopX, 1 - loopHeight, loopWidth, loopHeight, random.Near(160, 10), end, random.NextDouble(0.65, 1.05), lean);
        return [path];
    }

    private static List<StrokePath> Seven(DeterministicRandom random)
    {
        var elbowX = random.Near(0.6, 0.1);
        var footX = random.Near(0.25, 0.1);
        var top = random.Near(0.04, 0.03);
        var path = new StrokePath();
        if (random.Chance(0.33))
        {
            path.Through(random.Near(0.01, 0.04), top + random.NextDouble(0.08, 0.4));
        }

        path.Corner(0, top).Through(elbowX / 2, random.Near(top, 0.04)).Corner(elbowX, random.Near(top - 0.02, 0.04));
        path.Through(random.Near(footX + ((elbowX - footX) * 0.5), 0.04), random.Near(0.5, 0.04)).Through(footX, 1);
        if (!random.Chance(0.24))
        {
            return [path];
        }

        var barX = footX + ((elbowX - footX) * 0.5);
        var barY = random.Near(0.5, 0.08);
        return
        [
            path,
            new StrokePath().Through(barX - random.NextDouble(0.1, 0.36), random.Near(barY, 0.04)).Through(barX + random.NextDouble(0.08, 0.36), random.Near(barY - 0.02, 0.04)),
        ];
    }

    private static List<StrokePath> Eight(DeterministicRandom random)
    {
        var waistY = random.Near(0.49, 0.08);
        var headWidth = random.NextDouble(0.15, 0.32);
        var lean = random.Near(0.15, 0.2);
        var bellyWidth = headWidth * (random.Chance(0.2) ? random.NextDouble(0.2, 0.7) : random.Factor(0.35));
        var headX = random.Near(0.31, 0.04);
        var bellyX = random.Near(0.29, 0.04);
        var (headHeight, bellyHeight) = (waistY / 2, (1 - waistY) / 2);
        var kind = random.NextDouble();

        if (kind < 0.12)
        {
            // Two ovals, one upon the other.
            var (start, end) = (random.Near(-90, 60), random.Near(90, 180));
            return
            [
                new StrokePath().Arc(headX, headHeight, headWidth, headHeight, start, start - random.Near(365, 12), random.Near(1, 0.05)),
                new StrokePath().Arc(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, end, end - random.Near(365, 12), random.Near(1, 0.05)),
            ];
        }

        // An S from the top right, closed on the way back up.
        var path = new StrokePath();
        if (random.Chance(0.3))
        {
            path.Through(headX + (headWidth * random.NextDouble(1.1, 1.8)), headHeight * random.NextDouble(0, 0.5));
        }

        var waistX = (headX + bellyX) / 2;
        if (kind < 0.5)
        {
            path.Arc(headX, headHeight, headWidth, headHeight, random.Near(-35, 25), random.Near(-220, 12));
            path.Through(waistX, random.Near(waistY, 0.02));
            path.Arc(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(-40, 10), random.Near(220, 12));
            path.Through(waistX + random.Near(0.02, 0.03), random.Near(waistY, 0.02));
        }
        else
        {
            // The two ways across the waist are straight, so that the loops are drops.
            path.Arc(headX, headHeight * 0.85, headWidth, headHeight * 0.85, random.Chance(0.75) ? random.Near(-35, 25) : random.NextDouble(-120, -40), random.Near(-190, 15), lean: lean);
            path.Through(waistX, random.Near(waistY, 0.03));
            path.Arc(bellyX, 1 - (bellyHeight * 0.85), bellyWidth, bellyHeight * 0.85, random.Near(-5, 15), random.Near(185, 15), lean: lean);
            path.Through(waistX + random.Near(0, 0.03), random.Near(waistY, 0.03));
        }

        var isClosed = random.Chance(0.95);
        if (isClosed)
        {
            path.Through(headX + (headWidth * random.Near(1, 0.35)), headHeight * random.Near(0.65, 0.4));
        }

        return [isClosed && kind < 0.5 && random.Chance(0.1) ? path.Mirror(0.3) : path];
    }

    private static List<StrokePath> Nine(DeterministicRandom random)
    {
        var loopHeight = random.NextDouble(0.13, 0.37);
        var loopWidth = random.NextDouble(0.16, 0.42);
        var loopX = random.Near(0.28, 0.03);
        var right = loopX + loopWidth;
        var isOpen = random.Chance(0.17);
        var loop = new StrokePath();
        if (random.Chance(0.2))
        {
            loop.Through(right + random.Near(0.08, 0.08), loopHeight * random.NextDouble(0, 0.5));
        }

        loop.Arc(loopX, loopHeight, loopWidth, loopHeight, isOpen ? random.Near(-35, 15) : random.Near(-45, 30), random.Near(isOpen ? -325 : -350, 15), random.Near(1, 0.06), random.Near(0.1, 0.25));

        var stem = loop;
        List<StrokePath> strokes = [loop];
        if (random.Chance(0.25))
        {
            stem = new StrokePath();
            strokes.Add(stem);
            stem.Through(right + random.Near(0.02, 0.03), random.Near(loopHeight * 0.5, 0.08));
        }
        else
        {
            stem.Corner(right + random.Near(0.01, 0.03), loopHeight * (isOpen ? random.Near(1.1, 0.15) : random.Near(0.6, 0.3)));
        }

        if (random.Chance(0.2))
        {
            stem.Through(right - random.Near(0.01, 0.03), random.Near(0.7, 0.05));
            stem.Through(right - random.Near(0.2, 0.05), random.Near(0.97, 0.02)).Through(random.Near(0.05, 0.08), random.Near(0.9, 0.06));
        }
        else
        {
            var foot = right - random.Near(0.1, 0.1);
            stem.Through(random.Near((right + foot) / 2, 0.025), 0.62).Through(foot, 1);
        }

        return strokes;
    }
}
